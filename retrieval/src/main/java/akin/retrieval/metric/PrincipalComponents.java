package akin.retrieval.metric;

import akin.tensor.backend.Vectors;
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
   * @param rows N ≥ 1 rows of D numbers; read twice
   * @param share of the variance, in (0, 1]
   */
  public static double fraction(Vectors rows, double share) {
    int dimension = rows.width();
    if (rows.count() == 0 || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "%d rows of %d, share %s".formatted(rows.count(), dimension, share));
    }
    double[] variances = SymmetricEigenvalues.of(covariance(rows));
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

  private static double[][] covariance(Vectors rows) {
    int n = rows.count();
    int d = rows.width();
    double[] mean = new double[d];
    float[] one = new float[d];
    for (int row = 0; row < n; row++) {
      rows.read(row, 1, one, 0);
      for (int k = 0; k < d; k++) {
        mean[k] += one[k] / (double) n;
      }
    }
    double[][] c = new double[d][d];
    double[] x = new double[d];
    for (int row = 0; row < n; row++) {
      rows.read(row, 1, one, 0);
      for (int k = 0; k < d; k++) {
        x[k] = one[k] - mean[k];
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
