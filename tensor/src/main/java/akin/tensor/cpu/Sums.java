package akin.tensor.cpu;

/**
 * Sums along contiguous elements. Each is partitioned into blocks of {@link #BLOCK} elements; a
 * block is summed in lanes in float32 and the lanes in a fixed tree, and the blocks in float64, so
 * the rounding error stays at a few units in the last place of Σ|terms| whatever the length.
 */
interface Sums {
  /** Elements that are summed in float32. */
  int BLOCK = 2048;

  /** Σ x[i]. */
  double sum(float[] x, int from, int to);

  /** Σ (x[i] − shift)². */
  double squares(float[] x, int from, int to, float shift);

  /** Σ y[i]·(x[i] − shift), i &lt; n. */
  double products(float[] y, int yo, float[] x, int xo, int n, float shift);

  /** The largest, or the smallest; NaN if there is one. */
  float extreme(boolean largest, float[] x, int from, int to);
}
