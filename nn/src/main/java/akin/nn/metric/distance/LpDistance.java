package akin.nn.metric.distance;

import akin.nn.metric.Distance;
import akin.nn.metric.Norm;
import akin.tensor.Tensor;

/**
 * d(a, b) = ‖x − y‖_p^q, with x = a/‖a‖_p and y = b/‖b‖_p if vectors are normalised first. For p =
 * 2, q = 1: ∂d/∂x = (x − y)/d, 0 where d = 0.
 *
 * <p>A vector shorter than 1e-12 is divided by that instead, so a zero vector stays one.
 *
 * <p>Source: the distances of Musgrave et al., "PyTorch Metric Learning", 2020.
 *
 * @param p norm, ≥ 1
 * @param power q, ≥ 1; 2 with p = 2 is the squared Euclidean distance
 * @param normalize whether vectors are normalised first
 */
public record LpDistance(double p, double power, boolean normalize) implements Distance {
  private static final double TINY = 1e-30;

  /** Euclidean, between normalised vectors: what losses are published with. */
  public static LpDistance euclidean() {
    return new LpDistance(2, 1, true);
  }

  /** Euclidean, between vectors as they are. */
  public static LpDistance plain() {
    return new LpDistance(2, 1, false);
  }

  /** Squared Euclidean, between normalised vectors. */
  public static LpDistance squared() {
    return new LpDistance(2, 2, true);
  }

  @Override
  public Tensor of(Tensor anchors, Tensor items) {
    Tensor x = unit(anchors);
    Tensor y = anchors == items ? x : unit(items);
    if (p == 1 || p == 2) {
      return known(x, y);
    }
    int n = x.dim(0);
    int m = y.dim(0);
    int d = x.dim(1);
    Tensor norm = norm(x.reshape(n, 1, d).sub(y.reshape(1, m, d)), 2).reshape(n, m);
    return power == 1 ? norm : norm.pow(power);
  }

  private Tensor known(Tensor x, Tensor y) {
    if (p == 2 && power == 2) {
      return x.distances(y, akin.tensor.backend.Distance.SQUARED);
    }
    Tensor d =
        x.distances(
            y, p == 1 ? akin.tensor.backend.Distance.L1 : akin.tensor.backend.Distance.EUCLIDEAN);
    return power == 1 ? d : d.pow(power);
  }

  private Tensor unit(Tensor vectors) {
    if (!normalize) {
      return vectors;
    }
    return p == 2 ? Norm.unitRows(vectors) : Norm.divided(vectors, norm(vectors, 1));
  }

  /**
   * ‖x‖_p along an axis, which becomes 1; 0 with gradient 0 of a zero vector. Powers are taken of
   * x/m, m the largest |x_k|, so none overflows; as ‖x‖ = m·‖x/m‖ for whatever m, it is a constant
   * for the gradient.
   */
  private Tensor norm(Tensor x, int axis) {
    Tensor m = x.detach().abs().amax(true, axis);
    Tensor sum = x.div(m.clamp(TINY, Float.MAX_VALUE)).abs().pow(p).sum(true, axis);
    return sum.clamp(0.5, Float.MAX_VALUE).pow(1 / p).mul(m); // the largest gives 1, or all are 0
  }

  @Override
  public boolean similarity() {
    return false;
  }
}
