package akin.tensor.cpu;

/**
 * Small tiles of a product of matrices, kept in registers: the innermost loops of {@link Gemm}.
 *
 * <p>Every element of a tile is summed over k one by one, in order and with fused multiply-add, so
 * its bits depend neither on the height of the tile nor on its neighbours.
 */
interface Tiles {
  /**
   * Longest block of k that {@link Gemm} makes. Panels of B then come from the second cache, which
   * keeps up; shorter blocks would go to memory for the result more often.
   */
  int LONGEST = 512;

  /**
   * From one line of a to the next, an odd number of cache lines, so that lines of a panel do not
   * drive each other out of the cache. It is a constant because the kernels then need one register
   * for all lines.
   */
  int LINE = LONGEST + 16;

  /** Height of the tallest tile of differences. */
  int DIFFERENCE_ROWS = 4;

  /** Columns of a tile. */
  int cols();

  /** Rows of the tallest tile. */
  int tallest();

  /** The least height of a tile that holds {@code rows} rows, {@code rows} ≤ {@link #tallest}. */
  int height(int rows);

  /** Columns of a wide row. */
  int wideCols();

  /** The least height of a tile of correlations that holds {@code rows} ≤ 8 rows. */
  static int tapHeight(int rows) {
    return rows <= 2 ? rows : rows <= 4 ? 4 : 8;
  }

  /**
   * c[i·pitch + j] (+)= Σₖ a[k·h + i]·b[rows[k] + j] for i &lt; h, j &lt; cols. Of packed columns
   * row k begins at k·cols; of pictures at the element that tap k meets.
   *
   * @param h the height, one that {@link #height} gives
   * @param add whether to add to c
   */
  void product(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add);

  /**
   * c[i·pitch + j] (+)= Σₖ x·b[k·step + j] for i &lt; h, j &lt; w, where x is a[i·LINE + k], or
   * turned a[k·h + i].
   *
   * @param h the height, one that {@link #height} gives
   * @param w the width: {@link #cols} or half of it
   */
  void panel(
      int h,
      int w,
      boolean turned,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int step,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add);

  /**
   * Does the ending to c[at + r·pitch + s] for r &lt; rows, s &lt; cols, in row i + r and column j
   * + s of the product.
   */
  void end(Ending ending, float[] c, int at, int pitch, int i, int rows, int j, int cols);

  /**
   * c[i·pitch + j] = Σₖ a[(k / l·h + i)·l + k mod l]·b[k·cols + j] for i &lt; h, j &lt; cols, where
   * l is half of cols: a is cut into blocks of l terms, each [h, l].
   */
  void blocked(int h, float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch);

  /**
   * c[i·pitch + j] += Σₖ a[ao + cells[first + k] + i·step]·b[k·cols + j] for i &lt; h, j &lt; cols.
   *
   * @param step 1, or half of cols, or cols: the next channel, cell or other cell
   */
  void cells(
      int h,
      int step,
      float[] a,
      int ao,
      int[] cells,
      int first,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch);

  /** c[i·pitch + j] += Σₖ a[k·aPitch + i]·b[k·bPitch + j] for i &lt; h, j &lt; cols. */
  void outer(
      int h,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      int kc,
      float[] c,
      int co,
      int pitch);

  /** c[j] = Σₖ a[k]·b[k·pitch + j] for j &lt; n: one row of a product with what is not packed. */
  void row(float[] a, int ao, float[] b, int bo, int pitch, int kc, float[] c, int co, int n);

  /** c[j] = Σₖ a[k]·b[rows[k] + j] for j &lt; wideCols. */
  void wide(float[] a, int ao, float[] b, int bo, int[] rows, int kc, float[] c, int co);

  /**
   * c[i·pitch + j] += Σₖ x[taps[t + i] + k]·b[k·cols + j] for i &lt; h, j &lt; cols, k &lt; n.
   *
   * @param h the height, one that {@link #tapHeight} gives
   */
  void correlate(
      int h,
      float[] x,
      int xo,
      int[] taps,
      int t,
      float[] b,
      int bo,
      int n,
      float[] c,
      int co,
      int pitch);

  /**
   * c[i·pitch + j] (+)= Σₖ (a[k·h + i] − b[k·cols + j])² for i &lt; h ≤ {@link #DIFFERENCE_ROWS}, j
   * &lt; cols.
   */
  void squares(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add);

  /** As {@link #squares} of |a − b|. */
  void absolutes(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add);
}
