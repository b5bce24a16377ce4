package akin.nn.metric.proxy;

import akin.tensor.Tensor;

/**
 * {@linkplain LargeMarginSoftmaxLoss A multiplied angle} with class vectors of length 1: z_y =
 * (−1)^k cos(mθ_y) − 2k, z_j = cos θ_j elsewhere, in the softmax of s·‖x‖·z_j. ∂z_y/∂cos θ_y =
 * (−1)^k m sin(mθ_y)/sin θ_y.
 *
 * <p>Source: Liu et al., "SphereFace: deep hypersphere embedding for face recognition", CVPR 2017.
 */
public final class SphereFaceLoss extends MarginSoftmaxLoss {
  private final int margin;

  /**
   * @param margin m, at least 1
   * @param scale s
   */
  public SphereFaceLoss(int classes, int width, int margin, double scale) {
    super(ClassVectors.columns("W", classes, 1, width), scale);
    this.margin = margin;
  }

  /** m = 4, s = 1. */
  public static SphereFaceLoss usual(int classes, int width) {
    return new SphereFaceLoss(classes, width, 4, 1);
  }

  @Override
  Tensor margined(Tensor cosines, int[] labels) {
    return replaced(cosines, labels, own -> MultipliedMargin.of(own, margin));
  }

  @Override
  Tensor scaled(Tensor cosines, Tensor embeddings, Tensor vectors) {
    return cosines.mul(LargeMarginSoftmaxLoss.norms(embeddings, 1)).mul(scale());
  }
}
