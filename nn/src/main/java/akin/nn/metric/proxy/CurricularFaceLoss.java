package akin.nn.metric.proxy;

import akin.nn.Parameter;
import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * {@linkplain ArcFaceLoss An additive margin of angles} that turns to hard samples as training goes
 * on: z_y = cos(θ_y + m) as with ArcFace, and for others
 *
 * <p>z_j = cos θ_j (t + cos θ_j) if cos θ_j &gt; cos(θ_y + m), else cos θ_j,
 *
 * <p>in the softmax of s·z. Every training pass first moves t ← 0.01·mean(cos θ_y) + 0.99·t, from
 * 0; no gradient flows through it, nor through which j are hard. ∂z_j/∂cos θ_j = t + 2 cos θ_j for
 * hard ones, else 1.
 *
 * <p>{@code W} [D, C]; t is the buffer {@code t} [1].
 *
 * <p>Source: Huang et al., "CurricularFace: adaptive curriculum learning loss for deep face
 * recognition", CVPR 2020.
 */
public final class CurricularFaceLoss extends MarginSoftmaxLoss {
  private static final double SHARE = 0.01;

  private final double margin;
  private final Parameter t;

  /**
   * @param margin m in radians, 0 ≤ m &lt; π
   * @param scale s
   */
  public CurricularFaceLoss(int classes, int width, double margin, double scale) {
    this(ClassVectors.columns("W", classes, 1, width), margin, scale);
  }

  private CurricularFaceLoss(ClassVectors kept, double margin, double scale) {
    super(kept, scale, kept.xavier());
    this.margin = margin;
    t = buffer("t", Shape.of(1), 0);
  }

  /** m = 0.5, s = 64. */
  public static CurricularFaceLoss usual(int classes, int width) {
    return new CurricularFaceLoss(classes, width, 0.5, 64);
  }

  /** t. */
  public double t() {
    return t.tensor().toDoubles()[0];
  }

  @Override
  Tensor margined(Tensor cosines, int[] labels) {
    if (training()) {
      double mean = own(cosines.detach(), labels).mean().item();
      t.tensor().assign(SHARE * mean + (1 - SHARE) * t());
    }
    return margined(cosines, labels, t());
  }

  /** [N, C] → [N]: the losses of cosines with a given t. */
  public Tensor losses(Tensor cosines, int[] labels, double t) {
    return crossEntropy(margined(cosines, labels, t).mul(scale()), labels);
  }

  private Tensor margined(Tensor cosines, int[] labels, double t) {
    AngularMargin m = AngularMargin.of(margin, labels.length);
    Tensor own = own(cosines, labels);
    Tensor hard = cosines.greater(m.shifted(own).reshape(labels.length, 1));
    Tensor harder = cosines.add(hard.mul(cosines.mul(cosines.add(t - 1))));
    return replaced(harder, labels, changed -> m.monotone(own));
  }
}
