package akin.tensor.backend;

import java.util.Arrays;

/** What follows a convolution, a linear layer or a batch norm, in one pass with it. */
public enum Activation {
  /** y = x. */
  IDENTITY(null, Float.NaN, Float.NaN),
  /** y = max(x, 0). */
  RELU(Unary.RELU, 0, Float.NaN),
  /** y = min(max(x, 0), 6). */
  RELU6(Unary.RELU6, 0, 6);

  private final Unary unary;
  private final float low;
  private final float high;

  Activation(Unary unary, float low, float high) {
    this.unary = unary;
    this.low = low;
    this.high = high;
  }

  /** The one that is the same function, or null if there is none. */
  public static Activation of(Unary f) {
    return Arrays.stream(values()).filter(act -> act.unary == f).findFirst().orElse(null);
  }

  /** The same function in a pass of its own; null of the identity, which needs none. */
  public Unary unary() {
    return unary;
  }

  /** The least y, or NaN if there is none: nothing compares with NaN. */
  public float low() {
    return low;
  }

  /** The largest y, or NaN. */
  public float high() {
    return high;
  }

  /** y; NaN stays NaN, and −0 becomes 0 where y ≥ 0. */
  public double value(double x) {
    return x <= low ? low : x > high ? high : x;
  }

  /** dy/dx: 1, or 0 at the bounds and outside. */
  public double slope(double x) {
    return x <= low || x >= high ? 0 : 1;
  }
}
