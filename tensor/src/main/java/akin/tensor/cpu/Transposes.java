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
}
