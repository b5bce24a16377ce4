package akin.nn.metric;

import akin.tensor.ShapeException;
import akin.tensor.Tensor;

/** A loss of a batch of embeddings (or logits) and the class of each. */
@FunctionalInterface
public interface LabelLoss {
  /**
   * The loss.
   *
   * @param outputs [N, D], N ≥ 1
   * @param labels N whole numbers
   */
  LossValue of(Tensor outputs, int[] labels);

  /** Throws unless there is one label for each of N ≥ 1 rows. */
  static void check(String loss, Tensor outputs, int[] labels) {
    ShapeException.check(
        outputs.shape().rank() == 2 && outputs.dim(0) == labels.length && labels.length > 0,
        () ->
            ShapeException.of(loss + ": one label for each row, and at least one")
                .with("rows", outputs.shape())
                .with("labels", labels.length)
                .needed("[N, D] and N labels, N ≥ 1"));
  }
}
