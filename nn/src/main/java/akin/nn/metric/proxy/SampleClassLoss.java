package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.metric.Batch;
import akin.nn.metric.Terms;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.op.CrossEntropy;
import java.util.List;

/**
 * A loss with class vectors that is made of single samples' losses. Mined tuples become {@linkplain
 * Batch#weights weights} of samples.
 */
abstract class SampleClassLoss extends ClassLoss {
  SampleClassLoss(ClassVectors kept, Initializer first) {
    super(kept, first);
  }

  /** Embeddings [N, D] → [N]. */
  abstract Tensor losses(Tensor embeddings, Tensor vectors, int[] labels);

  @Override
  public List<Terms> terms(Batch batch, Tensor vectors) {
    Tensor losses = losses(batch.anchors(), vectors, labels(batch));
    return List.of(
        Terms.ofEach(
            batch.mined() == null
                ? losses
                : losses.mul(Tensor.of(Shape.of(batch.size()), batch.weights()))));
  }

  /** −ln softmax of each row at its label: [N, C] → [N]. */
  static Tensor crossEntropy(Tensor logits, int[] labels) {
    return logits.crossEntropy(CrossEntropy.targets(labels, logits.dim(1), 0));
  }
}
