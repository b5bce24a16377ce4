package akin.tensor.cpu;

/**
 * A factor of products packed once for many of them, as {@link Gemm#packRows} and {@link
 * Gemm#packCols} make it: weights of an inference plan, the gallery of a search. A product with it
 * has the same bits as one with the matrix.
 *
 * @param panels of its rows or columns
 * @param k terms of a sum
 * @param data for each block of k the panels [length of the block, width]
 */
record Packed(Panels panels, int k, float[] data) implements Operand {
  /** Floats of all panels. */
  static long length(Panels panels, int k) {
    return (long) panels.width(0, panels.count()) * k;
  }

  /** Where panel p lies in the block of terms {@code from} … {@code from + kc − 1}. */
  int at(int p, int from, int kc) {
    return panels.width(0, panels.count()) * from + panels.start(p) * kc;
  }

  @Override
  public boolean lines() {
    return false;
  }

  @Override
  public void packLines(int i, int rows, int from, int kc, float[] to, int at) {
    throw new IllegalStateException("it is packed");
  }

  @Override
  public void packRows(int i, int rows, int h, int from, int kc, float[] to, int at) {
    throw new IllegalStateException("it is packed");
  }

  @Override
  public void packCols(int j, int cols, int w, int from, int kc, float[] to, int at) {
    throw new IllegalStateException("it is packed");
  }
}
