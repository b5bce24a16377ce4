package akin.tensor.cpu;

/**
 * Work on a plane of one channel, n neighbouring numbers from {@code at} on, as many as a vector
 * has or more. Sums are added to lanes, in float32: a few hundred to each at most, then whoever
 * calls adds up the lanes in float64.
 */
interface Planes {
  /** Lanes of one sum. */
  int lanes();

  /**
   * γ·x̂ + β as (x − mean)·scale + shift, and what of it goes through: nothing at or below low, or
   * at or above high; NaN is no bound.
   */
  record Line(float mean, float scale, float shift, float low, float high) {}

  /** dx = ofDy·g + ofX·(x − mean) + constant. */
  record Slope(float ofDy, float ofX, float constant) {}

  /** Adds Σ (x − about) to the first lanes, Σ (x − about)² to the next. */
  void moments(float[] x, int at, int n, float about, float[] sums);

  /** y = the line's value, or the bound that it is beyond. */
  void value(float[] x, float[] y, int at, int n, Line line);

  /**
   * Adds Σ g to the first lanes, Σ g·(x − mean) to the next, where g = dy if x's value goes
   * through, else 0.
   */
  void products(float[] x, float[] dy, int at, int n, Line line, float[] sums);

  /** dx by the slope; dx may be dy. */
  void gradient(float[] x, float[] dy, float[] dx, int at, int n, Line line, Slope slope);
}
