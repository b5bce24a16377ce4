package akin.nn.metric;

import akin.tensor.Tensor;

/** Lengths of vectors, and vectors divided by them, also of those that are 0. */
public final class Norm {
  /** A vector is divided by no smaller length, so that of length 0 stays as it is. */
  private static final double LEAST = 1e-12;

  /** The root of what is smaller has slope 0; at 0 it would be infinite. */
  private static final double FLAT = 1e-30;

  private Norm() {}

  /** Rows [N, D] divided by their lengths. */
  public static Tensor unitRows(Tensor vectors) {
    return vectors.normalize(1, LEAST);
  }

  /** Columns [D, N] divided by their lengths. */
  public static Tensor unitColumns(Tensor vectors) {
    return vectors.normalize(0, LEAST);
  }

  /** x / length, no length below 1e-12. */
  public static Tensor divided(Tensor x, Tensor length) {
    return x.div(length.clamp(LEAST, Float.MAX_VALUE));
  }

  /** Σ|x|ᵖ → (Σ|x|ᵖ)^(q/p), with gradient 0 where all x are 0; of p = 2 and q = 1 the root. */
  public static Tensor root(Tensor sum, double p, double q) {
    Tensor above = sum.clamp(FLAT, Float.MAX_VALUE);
    return p == 2 && q == 1 ? above.sqrt() : above.pow(q / p);
  }
}
