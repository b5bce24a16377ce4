package akin.tensor.cpu;

/** Squares of a matrix turned over. */
interface Transposes {
  /** Side of a square. */
  int side();

  /**
   * y[yo + j·yPitch + i] = x[xo + i·xPitch + j] for i &lt; rows, j &lt; side. Elements rows ≤ i
   * &lt; side of each row of y become undefined; rows of y are written in order.
   *
   * @param rows 1 ≤ rows ≤ side
   */
  void square(float[] x, int xo, int xPitch, int rows, float[] y, int yo, int yPitch);

  /**
   * y[yo + j·yPitch + i] = x[xo + i·xPitch + j], i &lt; rows, j &lt; n; spoils what follows, up to
   * {@link #side} rows of y. Reads in whole squares where x goes on so far.
   */
  default void turn(float[] x, int xo, int xPitch, int rows, int n, float[] y, int yo, int yPitch) {
    int side = side();
    int j = 0;
    while (j < n && (j + side <= n || xo + (rows - 1) * xPitch + j + side <= x.length)) {
      for (int i = 0; i < rows; i += side) {
        int part = Math.min(side, rows - i);
        square(x, xo + i * xPitch + j, xPitch, part, y, yo + j * yPitch + i, yPitch);
      }
      j += side;
    }
    for (; j < n; j++) {
      for (int i = 0; i < rows; i++) {
        y[yo + j * yPitch + i] = x[xo + i * xPitch + j];
      }
    }
  }

  /** As {@link #turn}, and spoils nothing. */
  default void turnExactly(
      float[] x, int xo, int xPitch, int rows, int n, float[] y, int yo, int yPitch) {
    int side = side();
    int whole = n / side * side;
    int i = 0;
    for (; i + side <= rows; i += side) {
      for (int j = 0; j < whole; j += side) {
        square(x, xo + i * xPitch + j, xPitch, side, y, yo + j * yPitch + i, yPitch);
      }
      plain(x, xo + i * xPitch, xPitch, side, whole, n, y, yo + i, yPitch);
    }
    plain(x, xo + i * xPitch, xPitch, rows - i, 0, n, y, yo + i, yPitch);
  }

  private static void plain(
      float[] x, int xo, int xPitch, int rows, int first, int n, float[] y, int yo, int yPitch) {
    for (int j = first; j < n; j++) {
      for (int i = 0; i < rows; i++) {
        y[yo + j * yPitch + i] = x[xo + i * xPitch + j];
      }
    }
  }
}
