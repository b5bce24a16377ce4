package akin.retrieval.metric;

import java.util.Arrays;

/** How many directions of their space embeddings fill: few, if training has collapsed. */
public final class PrincipalComponents {
  private PrincipalComponents() {}

  /**
   * PCF, the principal components fraction: n/D, n the least number of principal components whose
   * variances add up to at least {@code share} of the whole variance; 0 where nothing varies.
   *
   * <p>Source: OpenMetricLearning.
   *
   * @param rows N ≥ 1 rows of D numbers, row-major
   * @param dimension D
   * @param share of the variance, in (0, 1]
   */
  public static double fraction(float[] rows, int dimension, double share) {
    if (rows.length == 0 || rows.length % dimension != 0 || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "%d numbers in rows of %d, share %s".formatted(rows.length, dimension, share));
    }
    double[] variances = SymmetricEigenvalues.of(covariance(rows, dimension));
    double whole = Arrays.stream(variances).filter(v -> v > 0).sum();
    // what rounding leaves of a sum of D variances does not ask for one more component
    double enough = share * whole * (1 - dimension * Math.ulp(1.0));
    double sum = 0;
    int n = 0;
    while (whole > 0 && n < dimension && sum < enough) {
      sum += variances[dimension - 1 - n++];
    }
    return (double) n / dimension;
  }

  private static double[][] covariance(float[] rows, int d) {
    int n = rows.length / d;
    double[] mean = new double[d];
    for (int i = 0; i < rows.length; i++) {
      mean[i % d] += rows[i] / (double) n;
    }
    double[][] c = new double[d][d];
    double[] x = new double[d];
    for (int row = 0; row < n; row++) {
      for (int k = 0; k < d; k++) {
        x[k] = rows[row * d + k] - mean[k];
      }
      for (int i = 0; i < d; i++) {
        for (int j = 0; j <= i; j++) {
          c[i][j] += x[i] * x[j];
        }
      }
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < i; j++) {
        c[j][i] = c[i][j];
      }
    }
    return c;
  }
}
