package akin.nn.metric;

import akin.nn.Layer;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A loss of two views of each sample, instead of labels: the other view is the positive, all other
 * samples are negatives. A miner goes inside: {@code new SelfSupervisedLoss(MinedLoss.of(miner,
 * loss), true)}.
 *
 * <p>Symmetric: both views together make one batch of 2N, in which every row is an anchor; a loss
 * counts for its sample, whichever view was the anchor; {@link LossValue#used} counts rows.
 * Otherwise only the first view's rows are anchors, and the second view's the items.
 *
 * <p>Source: Chen et al., "A simple framework for contrastive learning", ICML 2020, for NT-Xent.
 *
 * @param loss of labels
 */
public record SelfSupervisedLoss(Loss loss, boolean symmetric) implements Loss {
  @Override
  public List<Terms> terms(Batch batch) {
    return loss.terms(labelled(batch)).stream().map(t -> ofSamples(t, batch.size())).toList();
  }

  @Override
  public LossValue reduced(Batch batch, Reducer reducer) {
    return loss.reduced(labelled(batch), reducer);
  }

  /** With the number of each sample as its label; both views in one batch if symmetric. */
  private Batch labelled(Batch batch) {
    if (batch.within() || !batch.relation().areViews() || batch.mined() != null) {
      throw UserError.of("a self-supervised loss has no two views to compare")
          .rule("it takes two views of each sample, and tuples are mined inside it")
          .mend("give Batch.of(view, otherView, Relation.ofViews(N)), and no mined tuples");
    }
    Tensor one = batch.anchors();
    Tensor other = batch.items();
    int n = batch.size();
    int[] own = IntStream.range(0, n).toArray();
    int[] twice = IntStream.range(0, 2 * n).map(i -> i % n).toArray();
    Batch labelled =
        symmetric ? Batch.of(Tensor.concat(0, one, other), twice) : Batch.of(one, own, other, own);
    return labelled.with(batch.noise());
  }

  /** Rows of either view become samples. */
  private static Terms ofSamples(Terms terms, int n) {
    return new Terms(terms.values(), samples(terms.anchors(), n));
  }

  private static int[] samples(int[] rows, int n) {
    return rows == null ? null : IntStream.of(rows).map(i -> i % n).toArray();
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.VIEWS, loss.needs().tuples(), loss.needs().single());
  }

  @Override
  public Reducer reducer() {
    return loss.reducer();
  }

  @Override
  public Optional<Layer> layer() {
    return loss.layer();
  }
}
