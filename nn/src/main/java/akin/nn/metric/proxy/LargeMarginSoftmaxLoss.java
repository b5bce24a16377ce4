package akin.nn.metric.proxy;

import akin.nn.metric.Norm;
import akin.tensor.Tensor;

/**
 * A multiplied angle: z_y = φ(θ_y) = (−1)^k cos(mθ_y) − 2k for θ_y in [kπ/m, (k+1)π/m], z_j = cos
 * θ_j elsewhere, in the softmax of s·‖x‖‖w_j‖·z_j, so that lengths count as in a linear layer.
 * ∂φ/∂cos θ = (−1)^k m sin(mθ)/sin θ.
 *
 * <p>Source: Liu et al., "Large-margin softmax loss for convolutional neural networks", ICML 2016.
 */
public final class LargeMarginSoftmaxLoss extends MarginSoftmaxLoss {
  private final int margin;

  /**
   * @param margin m, at least 1
   * @param scale s
   */
  public LargeMarginSoftmaxLoss(int classes, int width, int margin, double scale) {
    super(ClassVectors.columns("W", classes, 1, width), scale);
    this.margin = margin;
  }

  /** m = 4, s = 1. */
  public static LargeMarginSoftmaxLoss usual(int classes, int width) {
    return new LargeMarginSoftmaxLoss(classes, width, 4, 1);
  }

  @Override
  Tensor margined(Tensor cosines, int[] labels) {
    return replaced(cosines, labels, own -> MultipliedMargin.of(own, margin));
  }

  @Override
  Tensor scaled(Tensor cosines, Tensor embeddings, Tensor vectors) {
    return cosines.mul(norms(embeddings, 1)).mul(norms(vectors, 0)).mul(scale());
  }

  /** Lengths along an axis, which is kept as 1. */
  static Tensor norms(Tensor vectors, int axis) {
    return Norm.root(vectors.square().sum(true, axis), 2, 1);
  }
}
