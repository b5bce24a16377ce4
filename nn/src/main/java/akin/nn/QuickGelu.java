package akin.nn;

import akin.tensor.Tensor;

/**
 * x·σ(1.702·x), the approximation of GELU that CLIP was first trained with.
 *
 * <p>Source: Hendrycks, Gimpel, "Gaussian error linear units", 2016, section 2.
 */
public final class QuickGelu extends Layer {
  private static final double SLOPE = 1.702;

  /** Has nothing to learn. */
  public QuickGelu() {}

  @Override
  protected Tensor forward(Tensor x) {
    return of(x);
  }

  /** The function itself. */
  public static Tensor of(Tensor x) {
    return x.mul(x.mul(SLOPE).sigmoid());
  }
}
