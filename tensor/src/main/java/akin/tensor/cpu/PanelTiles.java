package akin.tensor.cpu;

/** Packed queries, multiplied with one panel of rows after the other by {@link Tiles}. */
final class PanelTiles {
  private static final int ROWS = Codes.ROWS;

  private final int count;
  private final int d;
  private final int group;
  private final float[] packed;
  private final float[] panel;

  /**
   * For the queries of an ask.
   *
   * @param packed they, packed for products
   */
  PanelTiles(Ask ask, float[] packed) {
    this.packed = packed;
    count = ask.count();
    d = ask.d();
    group = ask.group(Gemm.Kind.PRODUCT);
    panel = new float[ROWS * d];
  }

  /** The panel, to be filled: number k of row r at k·ROWS + r. */
  float[] panel() {
    return panel;
  }

  /** As {@link Outline.Products#multiply}. */
  int multiply(int i, float[] sums) {
    int height = Math.min(group, count - i);
    Gemm.kernel(Gemm.Kind.PRODUCT, height, ROWS, packed, i * d, panel, 0, d, sums, 0, ROWS, false);
    return height;
  }
}
