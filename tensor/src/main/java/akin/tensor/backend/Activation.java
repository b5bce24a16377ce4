package akin.tensor.backend;

/** What follows a convolution, a linear layer or a batch norm, in one pass with it. */
public enum Activation {
  /** y = x. */
  IDENTITY(Float.NaN, Float.NaN),
  /** y = max(x, 0). */
  RELU(0, Float.NaN),
  /** y = min(max(x, 0), 6). */
  RELU6(0, 6);

  private final float low;
  private final float high;

  Activation(float low, float high) {
    this.low = low;
    this.high = high;
  }

  /** The least y, or NaN if there is none: nothing compares with NaN. */
  public float low() {
    return low;
  }

  /** The largest y, or NaN. */
  public float high() {
    return high;
  }

  /** y; NaN stays NaN. */
  public double value(double x) {
    return x < low ? low : x > high ? high : x;
  }

  /** dy/dx: 1, or 0 at the bounds and outside. */
  public double slope(double x) {
    return x <= low || x >= high ? 0 : 1;
  }
}
