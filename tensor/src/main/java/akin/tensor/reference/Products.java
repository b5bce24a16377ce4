package akin.tensor.reference;

import java.util.Arrays;

/**
 * Products of matrices, Y[i,j] = Σ A[i,l]·B[l,j], each sum in order of l.
 *
 * <p>The innermost loop runs along j, so that rows of B and Y are read as they lie, and l in strips
 * whose rows of B stay in the second cache (of a transposed B they are first written out). Whatever
 * the order of the loops, every sum has the same terms in the same order, so the same bits as three
 * nested loops over i, j, l.
 */
final class Products {
  private static final int STRIP = 32; // rows of B of, say, 3072 doubles: 768 KiB

  private Products() {}

  /** Y = op(A)·op(B) for each of the batch; op transposes if asked. */
  static void multiply(
      double[] a,
      boolean transA,
      double[] b,
      boolean transB,
      double[] y,
      int batch,
      int m,
      int k,
      int n) {
    int row = transA ? 1 : k; // from op(A)[i,l] to op(A)[i+1,l]
    int column = transA ? m : 1; // from op(A)[i,l] to op(A)[i,l+1]
    Arrays.fill(y, 0, batch * m * n, 0);
    for (int t = 0; t < batch; t++) {
      for (int from = 0; from < k; from += STRIP) {
        int to = Math.min(k, from + STRIP);
        double[] rows = transB ? transposed(b, t * k * n, n, k, from, to) : b; // op(B)
        int first = transB ? -from * n : t * k * n;
        for (int i = 0; i < m; i++) {
          for (int l = from; l < to; l++) {
            double factor = a[t * m * k + i * row + l * column];
            add(factor, rows, first + l * n, y, (t * m + i) * n, n);
          }
        }
      }
    }
  }

  /** y += f·x along a row. */
  private static void add(double f, double[] x, int xo, double[] y, int yo, int n) {
    for (int j = 0; j < n; j++) {
      y[yo + j] += f * x[xo + j];
    }
  }

  /**
   * Columns {@code from} to {@code to} of the matrix [rows,columns] at {@code start} of x, as rows.
   */
  private static double[] transposed(
      double[] x, int start, int rows, int columns, int from, int to) {
    double[] y = new double[(to - from) * rows];
    for (int i = 0; i < rows; i++) {
      for (int j = from; j < to; j++) {
        y[(j - from) * rows + i] = x[start + i * columns + j];
      }
    }
    return y;
  }
}
