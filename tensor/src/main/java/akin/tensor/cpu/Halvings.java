package akin.tensor.cpu;

/**
 * The commonest pooling, maxima of 2×2 cells without overlap, on pairs of rows. Vectors that are
 * longer than a row run into the next one, which is written later; {@code room} says how far they
 * may.
 */
interface Halvings {
  /**
   * y[yo + j] = max of x at 2j and 2j + 1 of the rows that begin at {@code row} and {@code row +
   * pitch}; j &lt; n.
   *
   * @param room elements from yo on that may be written, at least n
   */
  void max(float[] x, int row, int pitch, float[] y, int yo, int n, int room);

  /**
   * dx = dy[yo + j] at the first of the four cells, row by row, that holds y[yo + j] or is NaN, and
   * 0 at the others.
   *
   * @param room elements from {@code row} on that may be written in dx, at least pitch + 2n
   */
  void route(
      float[] x, float[] y, float[] dy, float[] dx, int row, int pitch, int yo, int n, int room);
}
