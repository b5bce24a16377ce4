package akin.nn.metric;

import akin.nn.Layer;
import akin.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Distance × miner × loss × reducer (× regulariser): the miner chooses tuples, the loss measures
 * them by its distance, the reducer makes one number, and weight × regulariser of the embeddings is
 * added. Of a batch with mined tuples, as inside another mined loss, miners keep some of those or
 * choose anew, as each says.
 *
 * @param miner {@link Miner#ALL} for every tuple, or all that were mined before
 * @param regularizer of the embeddings as they are; null for none
 * @param weight of the regulariser
 */
public record MinedLoss(
    Miner miner, Loss loss, Reducer reducer, Regularizer regularizer, double weight)
    implements Loss {
  /** All parts are needed but the regulariser. */
  public MinedLoss {
    Objects.requireNonNull(miner);
    Objects.requireNonNull(loss);
    Objects.requireNonNull(reducer);
  }

  /** A loss with a miner, reduced as published. */
  public static MinedLoss of(Miner miner, Loss loss) {
    return new MinedLoss(miner, loss, loss.reducer(), null, 0);
  }

  /** With another reducer. */
  public MinedLoss reducedBy(Reducer other) {
    return new MinedLoss(miner, loss, other, regularizer, weight);
  }

  /** With a regulariser of the embeddings. */
  public MinedLoss regularizedBy(Regularizer other, double weight) {
    return new MinedLoss(miner, loss, reducer, other, weight);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    return loss.terms(mined(batch));
  }

  private Batch mined(Batch batch) {
    return miner == Miner.ALL ? batch : miner.chosen(batch);
  }

  @Override
  public boolean ofSingleSamples() {
    return loss.ofSingleSamples() && miner == Miner.ALL && reducer == Reducer.MEAN;
  }

  @Override
  public Needs needs() {
    return loss.needs().reducedBy(reducer);
  }

  @Override
  public Optional<Layer> layer() {
    return loss.layer();
  }

  @Override
  public LossValue reduced(Batch batch, Reducer other) {
    LossValue value = loss.reduced(mined(batch), other);
    if (regularizer == null) {
      return value;
    }
    Tensor more = regularizer.of(batch.anchors()).mul(weight);
    return new LossValue(value.value().add(more), value.used(), value.skipped());
  }
}
