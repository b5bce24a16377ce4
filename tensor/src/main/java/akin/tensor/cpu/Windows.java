package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/**
 * The innermost loops of convolutions that see one plane: sums over taps of shifted runs. Runs are
 * read and written in whole vectors: what follows them, up to a vector, is read and may be spoilt.
 */
interface Windows {
  /**
   * y[yo + i] = bias + Σₖ w[wo + k]·x[xo + taps[k] + i] for i &lt; n, k &lt; taps.length, in order.
   */
  void sum(float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, int n, float bias);

  /**
   * Rows of n cells, {@code pitch} apart in x and {@code width} in y, 4 or a multiple in number,
   * through a kernel of 3×3 neighbours: act of {@link #sum} with taps {0, 1, 2, pitch, pitch + 1,
   * …} of each row. Rows as long as a vector or longer spoil nothing.
   */
  void grid(
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int width,
      int n,
      int rows,
      float bias,
      Activation act);

  /** Partial sums that {@link #products} keeps for each tap; cells of a vector. */
  int lanes();

  /**
   * sums[at + k·lanes + j] += Σ x[xo + taps[k] + i]·g[go + i] over i &lt; n that are j modulo
   * lanes, or, of the last run of lanes, j above its overlap with the one before.
   */
  void products(float[] x, int xo, int[] taps, float[] g, int go, int n, float[] sums, int at);

  /** y[yo + 2i] = a[ao + i] for i &lt; (n + 1)/2, y[yo + 2i + 1] = b[bo + i] for i &lt; n/2. */
  void weave(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);
}
