package akin.tensor.cpu;

/**
 * A matrix inside an array: element (i, j) is data[start + i·pitch + j], or, transposed, data[start
 * + j·pitch + i]; and how its rows or columns are packed for {@link Tiles}.
 */
record Matrix(float[] data, int start, int pitch, boolean transposed) implements Operand {
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final Strips STRIPS = Simd.STRIPS;

  /** The transposed matrix. */
  Matrix turned() {
    return new Matrix(data, start, pitch, !transposed);
  }

  @Override
  public boolean lines() {
    return !transposed;
  }

  @Override
  public void packLines(int i, int rows, int k, int kc, float[] to, int at) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(data, start + (i + r) * pitch + k, to, at + r * Tiles.LINE, kc);
    }
  }

  @Override
  public void packRows(int i, int rows, int h, int k, int kc, float[] to, int at) {
    pack(transposed, i, rows, h, k, kc, to, at);
  }

  @Override
  public void packCols(int j, int cols, int w, int k, int kc, float[] to, int at) {
    pack(!transposed, j, cols, w, k, kc, to, at);
  }

  /**
   * @param side whether neighbours across the panel lie side by side in memory
   */
  private void pack(boolean side, int i, int n, int w, int k, int kc, float[] to, int at) {
    if (side) {
      copy(i, n, w, k, kc, to, at);
    } else {
      turn(i, n, w, k, kc, to, at);
    }
    for (int r = n; r < w; r++) {
      for (int t = 0; t < kc; t++) {
        to[at + t * w + r] = 0;
      }
    }
  }

  /** Packs rows as rows. */
  private void copy(int i, int n, int w, int k, int kc, float[] to, int at) {
    int from = start + k * pitch + i;
    // a copy spoils what is written after it, but nothing behind the panel
    int slack = STRIPS.slack();
    int spoiling = slack == 0 || n % slack == 0 ? 0 : slack / w + 1;
    int t = 0;
    for (; t < kc - spoiling; t++) {
      STRIPS.copy(data, from + t * pitch, to, at + t * w, n);
    }
    for (; t < kc; t++) {
      System.arraycopy(data, from + t * pitch, to, at + t * w, n);
    }
  }

  /** Packs rows as columns. */
  private void turn(int i, int n, int w, int k, int kc, float[] to, int at) {
    int side = TRANSPOSES.side();
    // a square that is wider than the panel runs on into later terms, but not out of the panel
    int last = kc - side - (w % side == 0 ? 0 : side / w);
    int t = 0;
    for (; t <= last; t += side) {
      for (int r = 0; r < n; r += side) {
        int from = start + (i + r) * pitch + k + t;
        int rows = Math.min(side, n - r);
        TRANSPOSES.square(data, from, pitch, rows, to, at + t * w + r, w);
      }
    }
    for (int r = 0; r < n; r++) {
      spread(data, start + (i + r) * pitch + k, to, at + r, w, t, kc);
    }
  }

  private static void spread(float[] x, int from, float[] to, int at, int w, int t, int end) {
    for (; t < end; t++) {
      to[at + t * w] = x[from + t];
    }
  }
}
