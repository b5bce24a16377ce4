package akin.tensor.cpu;

/**
 * Small tiles of a product of matrices, kept in registers: the innermost loops of {@link Gemm}.
 *
 * <p>Every element of a tile is summed over k one by one, in order and with fused multiply-add, so
 * its bits depend neither on the height of the tile nor on its neighbours.
 */
interface Tiles {
  /** Height of the tiles of differences. */
  int DIFFERENCE_ROWS = 4;

  /** Columns of a tile. */
  int cols();

  /** Rows of the tallest tile. */
  int tallest();

  /** The least height of a tile that holds {@code rows} rows, {@code rows} ≤ {@link #tallest}. */
  int height(int rows);

  /**
   * c[i·pitch + j] (+)= Σₖ a[k·h + i]·b[k·cols + j] for i &lt; h, j &lt; cols.
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
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add);

  /** As {@link #product} with h = 4, of (a − b)² instead of a·b. */
  void squares(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add);

  /** As {@link #product} with h = 4, of |a − b| instead of a·b. */
  void absolutes(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add);
}
