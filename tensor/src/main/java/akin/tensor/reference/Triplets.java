package akin.tensor.reference;

import java.util.Arrays;

/** The hinge over all triplets: near [n,p], far [n,m], y [2,n]. */
final class Triplets {
  private Triplets() {}

  static void forward(double margin, double[] near, double[] far, double[] y, int n, int p, int m) {
    for (int i = 0; i < n; i++) {
      double sum = 0;
      int count = 0;
      for (int j = 0; j < p; j++) {
        for (int k = 0; k < m; k++) {
          double l = near[i * p + j] - far[i * m + k] + margin;
          sum += Math.max(l, 0); // NaN stays
          count += l > 0 ? 1 : 0;
        }
      }
      y[i] = sum;
      y[n + i] = count;
    }
  }

  static void backward(
      double margin,
      double[] near,
      double[] far,
      double[] dy,
      double[] dNear,
      double[] dFar,
      int n,
      int p,
      int m) {
    Arrays.fill(dNear, 0, n * p, 0);
    Arrays.fill(dFar, 0, n * m, 0);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        for (int k = 0; k < m; k++) {
          if (near[i * p + j] - far[i * m + k] + margin > 0) {
            dNear[i * p + j] += dy[i];
            dFar[i * m + k] -= dy[i];
          }
        }
      }
    }
  }
}
