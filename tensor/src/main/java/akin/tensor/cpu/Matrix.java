package akin.tensor.cpu;

/**
 * A matrix inside an array: element (i, j) is data[start + i·pitch + j], or, transposed, data[start
 * + j·pitch + i]; and how its rows or columns are packed for {@link Tiles}.
 */
record Matrix(float[] data, int start, int pitch, boolean transposed) {
  /**
   * Terms that are packed before the next row, so that what is written stays in the first cache.
   */
  private static final int STRETCH = 64;

  /**
   * to[at + t·h + r] = element (i + r, k + t) for r &lt; rows, 0 for rows ≤ r &lt; h; t &lt; kc.
   */
  void packRows(int i, int rows, int h, int k, int kc, float[] to, int at) {
    pack(transposed, i, rows, h, k, kc, to, at);
  }

  /**
   * to[at + t·w + c] = element (k + t, j + c) for c &lt; cols, 0 for cols ≤ c &lt; w; t &lt; kc.
   */
  void packCols(int j, int cols, int w, int k, int kc, float[] to, int at) {
    pack(!transposed, j, cols, w, k, kc, to, at);
  }

  /**
   * @param side whether neighbours across the panel lie side by side in memory
   */
  private void pack(boolean side, int i, int n, int w, int k, int kc, float[] to, int at) {
    if (side) {
      int from = start + k * pitch + i;
      for (int t = 0; t < kc; t++) {
        System.arraycopy(data, from + t * pitch, to, at + t * w, n);
      }
    } else {
      int from = start + i * pitch + k;
      for (int t = 0; t < kc; t += STRETCH) {
        int end = Math.min(kc, t + STRETCH);
        for (int r = 0; r < n; r++) {
          spread(data, from + r * pitch, to, at + r, w, t, end);
        }
      }
    }
    for (int r = n; r < w; r++) {
      for (int t = 0; t < kc; t++) {
        to[at + t * w + r] = 0;
      }
    }
  }

  private static void spread(float[] x, int from, float[] to, int at, int w, int t, int end) {
    for (; t < end; t++) {
      to[at + t * w] = x[from + t];
    }
  }
}
