package akin.tensor.cpu;

/** A factor of a product of matrices, which is packed part by part for {@link Tiles}. */
interface Operand {
  /** Whether the terms of a row lie side by side, so that {@link #packLines} only copies. */
  boolean lines();

  /** to[at + r·LINE + t] = element (i + r, k + t) for r &lt; rows, t &lt; kc. */
  void packLines(int i, int rows, int k, int kc, float[] to, int at);

  /**
   * to[at + t·h + r] = element (i + r, k + t) for r &lt; rows, 0 for rows ≤ r &lt; h; t &lt; kc.
   */
  void packRows(int i, int rows, int h, int k, int kc, float[] to, int at);

  /**
   * to[at + t·w + c] = element (k + t, j + c) for c &lt; cols, 0 for cols ≤ c &lt; w; t &lt; kc.
   */
  void packCols(int j, int cols, int w, int k, int kc, float[] to, int at);
}
