package akin.nn.metric.proxy;

import akin.nn.Initializer;
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
  private final Options options;

  /** What class vectors begin with. */
  public enum Start {
    /** Normal numbers, as in pytorch-metric-learning: vectors of length √D, which turn slowly. */
    NORMAL,
    /** Xavier's, as in MDFE: short vectors, which turn fast. */
    XAVIER
  }

  /**
   * @param margin m in radians, 0 ≤ m &lt; π
   * @param scale s
   * @param centers vectors of a class, of which the nearest counts
   * @param easy whether the margin is left out for all samples with cos θ_y ≤ 0, instead of only
   *     for those near π
   * @param start what class vectors begin with
   */
  public record Options(double margin, double scale, int centers, boolean easy, Start start) {
    /** One vector a class, normal numbers. */
    public static Options of(double margin, double scale, boolean easy) {
      return new Options(margin, scale, 1, easy, Start.NORMAL);
    }
  }

  /** With these options. */
  public ArcFaceLoss(int classes, int width, Options options) {
    this(ClassVectors.columns("W", classes, options.centers, width), options);
  }

  private ArcFaceLoss(ClassVectors kept, Options options) {
    super(
        kept,
        options.scale,
        options.start == Start.XAVIER ? kept.xavier() : Initializer.normal(0, 1));
    this.options = options;
  }

  /** m = 0.5 (28.6°), s = 64. */
  public static ArcFaceLoss usual(int classes, int width) {
    return new ArcFaceLoss(classes, width, Options.of(0.5, 64, false));
  }

  @Override
  final Tensor margined(Tensor cosines, int[] labels) {
    AngularMargin m = AngularMargin.of(options.margin, labels.length);
    return replaced(cosines, labels, own -> options.easy ? m.easy(own) : m.monotone(own));
  }
}
