package akin.nn.metric.proxy;

import akin.nn.metric.Cells;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Logits that fall linearly with the angle: z_j = (π − 2θ_j)/π, and z_y = (π − 2(θ_y + m))/π, in
 * the softmax of s·z. ∂z_j/∂cos θ_j = 2/(π sin θ_j), taken to be 0 where |cos θ_j| &gt; 1 − 1e-6.
 * As θ + m may pass π freely, there is no fall-back.
 *
 * <p>Source: Li et al., "AirFace: lightweight and efficient model for face recognition", ICCV
 * Workshops 2019.
 */
public final class LiArcFaceLoss extends MarginSoftmaxLoss {
  private static final double NEAR = 1 - 1e-6;

  private final double margin;

  /**
   * @param margin m in radians
   * @param scale s
   */
  public LiArcFaceLoss(int classes, int width, double margin, double scale) {
    this(ClassVectors.columns("W", classes, 1, width), margin, scale);
  }

  private LiArcFaceLoss(ClassVectors kept, double margin, double scale) {
    super(kept, scale, kept.xavier());
    this.margin = margin;
  }

  /** m = 0.5, s = 30, as in MDFE. */
  public static LiArcFaceLoss usual(int classes, int width) {
    return new LiArcFaceLoss(classes, width, 0.5, 30);
  }

  @Override
  Tensor margined(Tensor cosines, int[] labels) {
    double[] behind = new double[labels.length];
    Arrays.fill(behind, -2 * margin / Math.PI);
    int[] rows = IntStream.range(0, labels.length).toArray();
    Tensor shift = Tensor.of(Shape.of(behind.length), behind);
    return Cells.add(linear(cosines), shift, rows, labels);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor vectors) {
    return linear(cosines(embeddings, vectors)).mul(scale());
  }

  private static Tensor linear(Tensor cosines) {
    return cosines.clamp(-NEAR, NEAR).acos().mul(-2 / Math.PI).add(1);
  }
}
