package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Regularizer;
import akin.nn.metric.Terms;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.List;
import java.util.Optional;

/**
 * A loss that keeps vectors for each of C classes, which learn with the network. As a layer it
 * gives the logits [N, C] of embeddings [N, D] without any margin: the largest is the class.
 *
 * <p>Every sample is used, whoever else is in the batch; a label that is no class is refused. With
 * a single class there is nothing to tell apart: losses by softmax are 0 then, and so is their
 * gradient. An embedding of length 0 has cosine 0 with every vector.
 */
public abstract class ClassLoss extends Layer implements Loss {
  private final ClassVectors kept;
  private final Parameter vectors;

  ClassLoss(ClassVectors kept, Initializer first) {
    this.kept = kept;
    vectors = parameter(kept.name(), kept.shape(), first);
  }

  /** C. */
  public final int classes() {
    return kept.classes();
  }

  /** D. */
  public final int width() {
    return kept.width();
  }

  final int each() {
    return kept.each();
  }

  /** The parameter that holds all class vectors. */
  public final Parameter vectors() {
    return vectors;
  }

  /** The class vectors [C·k, D], as a regulariser looks at them. */
  public final Tensor classVectors() {
    return kept.columns() ? vectors.tensor().transpose() : vectors.tensor();
  }

  /** Logits [N, C] without any margin, with these class vectors in place of the loss' own. */
  public abstract Tensor logits(Tensor embeddings, Tensor vectors);

  /** The single losses, with these class vectors in place of the loss' own. */
  public abstract List<Terms> terms(Batch batch, Tensor vectors);

  @Override
  public List<Terms> terms(Batch batch) {
    return terms(batch, vectors.tensor());
  }

  /** This loss plus weight × a regulariser of its class vectors. */
  public final Loss regularizedBy(Regularizer regularizer, double weight) {
    return new RegularizedClasses(this, regularizer, weight);
  }

  @Override
  protected Tensor forward(Tensor embeddings) {
    check(embeddings);
    return logits(embeddings, vectors.tensor());
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.CLASSES, Needs.MadeOf.WEIGHTS);
  }

  @Override
  public final Optional<Layer> layer() {
    return Optional.of(this);
  }

  /** The classes of a batch's samples, after a look at them and at the embeddings. */
  final int[] labels(Batch batch) {
    check(batch.anchors());
    int[] labels = batch.labels();
    if (labels == null) {
      throw UserError.of(name() + " does not know the classes of the batch")
          .rule("it needs a label for each sample; this batch is supervised by a relation")
          .mend("choose a loss of pairs or triplets");
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes()) {
        throw UserError.of("a label is no class: " + labels[i] + " in row " + i + " of the batch")
            .rule("0 ≤ label < " + classes() + ", the number of classes that " + name() + " keeps")
            .mend("number the classes of the training split from 0");
      }
    }
    return labels;
  }

  private void check(Tensor embeddings) {
    ShapeException.check(
        embeddings.shape().rank() == 2 && embeddings.dim(1) == width(),
        () ->
            ShapeException.of(name() + ": embeddings are not as wide as class vectors")
                .with("embeddings", embeddings.shape())
                .with(kept.name(), kept.shape())
                .needed("[N, " + width() + "]"));
  }

  final String name() {
    return getClass().getSimpleName();
  }

  @Override
  public String toString() {
    return name() + "(" + classes() + " classes, " + width() + " wide)";
  }
}
