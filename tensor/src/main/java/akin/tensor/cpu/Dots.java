package akin.tensor.cpu;

/** Tiles of dot products of rows: what a product of matrices is where sums run along rows. */
interface Dots {
  /** Rows of a tile from the first operand. */
  int rows();

  /** Rows of a tile from the second operand. */
  int cols();

  /** Partial sums of each product. */
  int lanes();

  /**
   * sums[at + (i·cols + j)·lanes + lane] += Σₖ a[ao + min(i, m − 1)·pitch + k]·b[bo + min(j, l −
   * 1)·pitch + k] over k &lt; n, each k in one lane, for i &lt; rows, j &lt; cols; n ≥ lanes.
   */
  void tile(
      float[] a, int ao, int m, float[] b, int bo, int l, int pitch, int n, float[] sums, int at);
}
