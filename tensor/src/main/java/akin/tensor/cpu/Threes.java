package akin.tensor.cpu;

/**
 * The innermost loops of convolutions that see one plane through a kernel three taps wide. Rows of
 * a stage follow each other without padding; what a tap would see left of a row's first cell or
 * right of its last is masked.
 */
interface Threes {
  /** Cells of a vector: runs are read and written in whole ones. */
  int lanes();

  /**
   * What the outer taps may see: entry i mod period is that of cell i of a run, and two vectors may
   * be read from there.
   *
   * @param left all bits where a cell has a left neighbour, else none
   * @param right the same of right neighbours
   * @param period whole rows, at least as long as a vector
   */
  record Sides(int[] left, int[] right, int period) {
    /** Those of rows of {@code width}, for vectors of {@code lanes}. */
    static Sides of(int width, int lanes) {
      int period = (lanes + width - 1) / width * width;
      int[] left = new int[period + 2 * lanes];
      int[] right = new int[left.length];
      for (int i = 0; i < left.length; i++) {
        left[i] = i % width == 0 ? 0 : -1;
        right[i] = i % width == width - 1 ? 0 : -1;
      }
      return new Sides(left, right, period);
    }
  }

  /**
   * y[yo + i] = bias + Σₖ Σ_{d = −1, 0, 1} w[wo + 3k + d + 1]·x[xo + rows[k] + i + d] for i &lt; n,
   * in this order; where n &lt; lanes, also for n ≤ i &lt; lanes.
   */
  void sum(
      float[] x,
      int xo,
      int[] rows,
      Sides sides,
      float[] w,
      int wo,
      float bias,
      float[] y,
      int yo,
      int n);

  /**
   * As {@link #sum} with rows {0, width, 2·width}, for four rows of targets at once; width ≥ lanes.
   */
  void four(
      float[] x, int xo, int width, Sides sides, float[] w, int wo, float bias, float[] y, int yo);

  /**
   * sums[at + (3k + d + 1)·lanes + lane] += Σ g[go + i]·x[xo + rows[k] + i + d] over i &lt; n, each
   * in one lane; where n &lt; lanes, g and x are read up to i = lanes.
   */
  void products(
      float[] x, int xo, int[] rows, Sides sides, float[] g, int go, int n, float[] sums, int at);

  /**
   * y[yo + 2i + shift] = x[xo + i] for i &lt; n, 0 between and up to {@code width} ≤ 2n + 1; may
   * spoil two vectors behind.
   */
  void stuff(float[] x, int xo, int n, int shift, float[] y, int yo, int width);
}
