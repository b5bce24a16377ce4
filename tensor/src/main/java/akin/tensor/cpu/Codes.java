package akin.tensor.cpu;

/**
 * The innermost loops over panels of {@link #ROWS} rows: what a {@link Sketch} keeps of them as
 * signed bytes, code (row r, term k) at k·ROWS + r, and what products with them rule out.
 */
interface Codes {
  /** Rows of a panel: the columns of a tile, at most 64. */
  int ROWS = Simd.TILES.cols();

  /** to[i] = codes[from + i], i &lt; n, for whole panels. */
  void decode(byte[] codes, int from, int n, float[] to);

  /** sums[r] = Σₖ q[k]·code(r, k), in any order, for the rows of one panel. */
  void products(float[] q, byte[] codes, int from, int d, float[] sums);

  /** Queries of {@link #fours}. */
  int FOUR = 4;

  /**
   * sums[i·ROWS + r] = Σₖ q[at + k·4 + i]·code(r, k), in any order, for four queries and the rows
   * of one panel.
   */
  void fours(float[] q, int at, byte[] codes, int from, int d, float[] sums);

  /**
   * The queries for which {@link ProductBound} does not rule out all rows of a panel: bit q, q &lt;
   * n, unless scale[row + r]·sums[at + q·pitch + r] ≤ offset[row + r] + level[i + q] − reach[i +
   * q]· error[row + r] for all r &lt; {@link #ROWS}.
   *
   * @param n how many queries, at most 32
   */
  int left(
      float[] sums,
      int at,
      int pitch,
      int n,
      ProductBound bound,
      int row,
      float[] level,
      float[] reach,
      int i);
}
