package akin.retrieval.metric;

import java.util.Arrays;

/**
 * Eigenvalues of a symmetric matrix: Householder reflections make it tridiagonal, implicit QL
 * rotations make that diagonal.
 *
 * <p>Source: Golub and Van Loan, "Matrix Computations", 8.3.
 */
final class SymmetricEigenvalues {
  private static final int ITERATIONS = 60; // a value takes two or three; more means NaN

  private SymmetricEigenvalues() {}

  /** The eigenvalues, ascending; the matrix is overwritten. */
  static double[] of(double[][] a) {
    int n = a.length;
    double[] diagonal = new double[n];
    double[] beside = new double[n]; // beside[i] stands between diagonal i and i + 1
    for (int k = 0; k < n - 2; k++) {
      diagonal[k] = a[k][k];
      beside[k] = reflect(a, k);
    }
    for (int k = Math.max(0, n - 2); k < n; k++) {
      diagonal[k] = a[k][k];
      beside[k] = k + 1 < n ? a[k + 1][k] : 0;
    }
    rotate(diagonal, beside);
    Arrays.sort(diagonal);
    return diagonal;
  }

  /** Reflects rows and columns below k so that column k has one number below the diagonal. */
  private static double reflect(double[][] a, int k) {
    int n = a.length;
    double[] v = new double[n];
    double norm = 0;
    for (int i = k + 1; i < n; i++) {
      v[i] = a[i][k];
      norm = Math.hypot(norm, v[i]);
    }
    double alpha = v[k + 1] > 0 ? -norm : norm;
    v[k + 1] -= alpha;
    double square = 0;
    for (int i = k + 1; i < n; i++) {
      square += v[i] * v[i];
    }
    if (square == 0) {
      return alpha;
    }
    double[] p = new double[n]; // A·v, then p − (pᵀv/‖v‖²)·v
    double along = 0;
    for (int i = k + 1; i < n; i++) {
      for (int j = k + 1; j < n; j++) {
        p[i] += a[i][j] * v[j];
      }
      p[i] *= 2 / square;
      along += p[i] * v[i];
    }
    for (int i = k + 1; i < n; i++) {
      p[i] -= along / square * v[i];
    }
    for (int i = k + 1; i < n; i++) {
      for (int j = k + 1; j < n; j++) {
        a[i][j] -= v[i] * p[j] + p[i] * v[j];
      }
    }
    return alpha;
  }

  private static void rotate(double[] d, double[] e) {
    for (int l = 0; l < d.length; l++) {
      for (int iteration = 0; ; iteration++) {
        int m = l;
        while (m + 1 < d.length
            && !(Math.abs(e[m]) <= Math.ulp(1.0) * (Math.abs(d[m]) + Math.abs(d[m + 1])))) {
          m++;
        }
        if (m == l) {
          break;
        }
        if (iteration == ITERATIONS) {
          throw new ArithmeticException("the matrix has no eigenvalues: it holds NaN or infinity");
        }
        sweep(d, e, l, m);
      }
    }
  }

  /** One implicit QL step on the block l … m, with Wilkinson's shift. */
  private static void sweep(double[] d, double[] e, int l, int m) {
    double g = (d[l + 1] - d[l]) / (2 * e[l]);
    double r = Math.hypot(g, 1);
    g = d[m] - d[l] + e[l] / (g + Math.copySign(r, g));
    double s = 1;
    double c = 1;
    double p = 0;
    for (int i = m - 1; i >= l; i--) {
      double f = s * e[i];
      double b = c * e[i];
      r = Math.hypot(f, g);
      e[i + 1] = r;
      if (r == 0) { // the block falls apart here
        d[i + 1] -= p;
        e[m] = 0;
        return;
      }
      s = f / r;
      c = g / r;
      g = d[i + 1] - p;
      r = (d[i] - g) * s + 2 * c * b;
      p = s * r;
      d[i + 1] = g + p;
      g = c * r - b;
    }
    d[l] -= p;
    e[l] = g;
    e[m] = 0;
  }
}
