package akin.tensor.cpu;

import java.util.Arrays;

/**
 * Sums of all rows of a column: float32 over a few rows, float64 over those, so that errors stay at
 * a few units in the last place of Σ|terms|.
 */
final class ColumnSums {
  /** Rows that are summed in float32. */
  private static final int DOWN = 16;

  private static final Columns COLUMNS = Simd.COLUMNS;

  private final int n;
  private final float[] few;
  private final double[] sums;

  /**
   * @param n columns
   * @param worker whose scratch space holds the sums, until the thread asks for the next
   */
  ColumnSums(Scratch scratch, int worker, int n) {
    this.n = n;
    few = scratch.take(worker, Scratch.Use.FEW, n);
    sums = scratch.doubles(worker, Scratch.Use.FEW, n);
  }

  /** Σ x[r,c] in the result's first n elements, as all that follow. */
  double[] plain(float[] x, int at, int pitch, int rows) {
    Arrays.fill(sums, 0, n, 0);
    for (int r = 0; r < rows; r += DOWN) {
      COLUMNS.sums(x, at + r * pitch, pitch, Math.min(DOWN, rows - r), few, n);
      add(few, sums, n);
    }
    return sums;
  }

  /** Σ (x[r,c] − about[c])². */
  double[] squares(float[] x, int at, int pitch, int rows, float[] about) {
    Arrays.fill(sums, 0, n, 0);
    for (int r = 0; r < rows; r += DOWN) {
      COLUMNS.squares(x, at + r * pitch, pitch, Math.min(DOWN, rows - r), about, few, n);
      add(few, sums, n);
    }
    return sums;
  }

  /** Σ g[r,c]·(x[r,c] − about[c]). */
  double[] products(float[] x, float[] g, int at, int pitch, int rows, float[] about) {
    Arrays.fill(sums, 0, n, 0);
    for (int r = 0; r < rows; r += DOWN) {
      COLUMNS.products(x, g, at + r * pitch, pitch, Math.min(DOWN, rows - r), about, few, n);
      add(few, sums, n);
    }
    return sums;
  }

  private static void add(float[] few, double[] sums, int n) {
    for (int c = 0; c < n; c++) {
      sums[c] += few[c];
    }
  }
}
