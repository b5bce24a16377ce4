package akin.nn.metric.proxy;

import akin.tensor.Tensor;

/**
 * An additive margin of angles: z_y = cos(θ_y + m), z_j = cos θ_j elsewhere, in the softmax of s·z;
 * ∂z_y/∂cos θ_y = sin(θ_y + m)/sin θ_y. Where θ_y + m would pass π, z_y = cos θ_y − m sin m, of
 * slope 1 (the same number as the cos θ_y − m sin(π − m) that other systems write).
 *
 * <p>Source: Deng et al., "ArcFace: additive angular margin loss for deep face recognition", CVPR
 * 2019; the easy margin is of its authors' code.
 */
public class ArcFaceLoss extends MarginSoftmaxLoss {
  private final double margin;
  private final boolean easy;

  /**
   * @param each vectors of a class, of which the nearest counts; 1 is usual
   * @param margin m in radians, 0 ≤ m &lt; π
   * @param scale s
   * @param easy whether the margin is left out for all samples with cos θ_y ≤ 0, instead of only
   *     for those near π
   */
  public ArcFaceLoss(int classes, int width, int each, double margin, double scale, boolean easy) {
    super(ClassVectors.columns("W", classes, each, width), scale);
    this.margin = margin;
    this.easy = easy;
  }

  /** m = 0.5 (28.6°), s = 64. */
  public static ArcFaceLoss usual(int classes, int width) {
    return new ArcFaceLoss(classes, width, 1, 0.5, 64, false);
  }

  @Override
  final Tensor margined(Tensor cosines, int[] labels) {
    AngularMargin m = AngularMargin.of(margin, labels.length);
    return replaced(cosines, labels, own -> easy ? m.easy(own) : m.monotone(own));
  }
}
