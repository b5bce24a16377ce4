package akin.cuda.sim;

/** The one loop under all plain products, in float64. */
final class PlainProduct {
  /** Columns that are worked on together, so that a strip of B stays in the cache. */
  private static final int STRIP = 256;

  private PlainProduct() {}

  /** A matrix in an array: element (r, c) is at {@code start + r·row + c·column}. */
  record Matrix(double[] values, int start, int row, int column) {
    double at(int r, int c) {
      return values[start + r * row + c * column];
    }
  }

  /**
   * C += A·B for A [m,k], B [k,n], C [m,n], where B and C have their rows together, one after the
   * other, from {@code b[bStart]} and {@code c[cStart]} on.
   */
  static void add(int m, int n, int k, Matrix a, double[] b, int bStart, double[] c, int cStart) {
    for (int first = 0; first < n; first += STRIP) {
      int count = Math.min(STRIP, n - first);
      for (int i = 0; i < m; i++) {
        int to = cStart + i * n + first;
        for (int l = 0; l < k; l++) {
          addRow(a.at(i, l), b, bStart + l * n + first, c, to, count);
        }
      }
    }
  }

  private static void addRow(double f, double[] x, int from, double[] y, int to, int count) {
    for (int j = 0; j < count; j++) {
      y[to + j] += f * x[from + j];
    }
  }
}
