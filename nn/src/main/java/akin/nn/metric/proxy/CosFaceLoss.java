package akin.nn.metric.proxy;

import akin.tensor.Tensor;

/**
 * An additive margin of cosines: z_y = c_y − m, z_j = c_j elsewhere, in the softmax of s·z; ∂l/∂c_j
 * = s(p_j − [j = y]).
 *
 * <p>Source: Wang et al., "CosFace: large margin cosine loss for deep face recognition", CVPR 2018.
 */
public final class CosFaceLoss extends MarginSoftmaxLoss {
  private final double margin;

  /**
   * @param margin m
   * @param scale s
   */
  public CosFaceLoss(int classes, int width, double margin, double scale) {
    super(ClassVectors.columns("W", classes, 1, width), scale);
    this.margin = margin;
  }

  /** m = 0.35, s = 64. */
  public static CosFaceLoss usual(int classes, int width) {
    return new CosFaceLoss(classes, width, 0.35, 64);
  }

  @Override
  Tensor margined(Tensor cosines, int[] labels) {
    return replaced(cosines, labels, own -> own.sub(margin));
  }
}
