package akin.tensor.cpu;

import akin.tensor.backend.Distance;

/**
 * The one formula of each distance of a search, in float: a sum runs over d = 0 … D−1 in this
 * order, each term by a fused multiply-add, as {@link Tiles} sum, so that many pairs at once get
 * the same bits.
 *
 * <ul>
 *   <li>SQUARED: s ← fma(x_d − y_d, x_d − y_d, s)
 *   <li>EUCLIDEAN: the root of that
 *   <li>L1: s ← s + |x_d − y_d|
 *   <li>COSINE: s ← fma(x_d, y_d, s); then max(0, 1 − s/(‖x‖·‖y‖)) in double, the norms summed in
 *       double and at least 1e-8
 *   <li>DOT: the same sum; then 0 − s, which is never −0
 * </ul>
 */
final class PairDistance {
  private static final double SMALLEST_NORM = 1e-8;

  private PairDistance() {}

  /**
   * far[at + i] = the distance from a query to row i of {@code rows} [n,d].
   *
   * @param norm of the query, as {@link #norm} gives it
   */
  static void all(
      Distance f,
      float[] query,
      int from,
      double norm,
      float[] rows,
      int n,
      float[] far,
      int at,
      int d) {
    int i = 0;
    for (; i <= n - 4; i += 4) { // four chains of additions side by side
      switch (f) {
        case COSINE:
        case DOT:
          products4(query, from, rows, i * d, d, far, at + i);
          break;
        case L1:
          absolutes4(query, from, rows, i * d, d, far, at + i);
          break;
        default:
          squares4(query, from, rows, i * d, d, far, at + i);
      }
    }
    for (; i < n; i++) {
      far[at + i] = sum(f, query, from, rows, i * d, d);
    }
    for (i = 0; i < n; i++) {
      if (f == Distance.COSINE) {
        far[at + i] = cosine(far[at + i], norm, norm(rows, i * d, d));
      } else if (f == Distance.EUCLIDEAN) {
        far[at + i] = (float) Math.sqrt(far[at + i]);
      } else if (f == Distance.DOT) {
        far[at + i] = 0 - far[at + i];
      }
    }
  }

  /** The norm of a row of d numbers, in double. */
  static double norm(float[] x, int from, int d) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = from;
    for (; k <= from + d - 4; k += 4) {
      s0 += (double) x[k] * x[k];
      s1 += (double) x[k + 1] * x[k + 1];
      s2 += (double) x[k + 2] * x[k + 2];
      s3 += (double) x[k + 3] * x[k + 3];
    }
    for (; k < from + d; k++) {
      s0 += (double) x[k] * x[k];
    }
    return Math.sqrt(s0 + s1 + (s2 + s3));
  }

  /** What COSINE makes of a sum. Rounding may take that of like vectors above 1. */
  static float cosine(float sum, double normX, double normY) {
    double norms = Math.max(normX, SMALLEST_NORM) * Math.max(normY, SMALLEST_NORM);
    return (float) Math.max(0.0, 1 - sum / norms);
  }

  private static float sum(Distance f, float[] x, int xo, float[] y, int yo, int d) {
    float sum = 0;
    for (int k = 0; k < d; k++) {
      float a = x[xo + k];
      float b = y[yo + k];
      switch (f) {
        case COSINE:
        case DOT:
          sum = Math.fma(a, b, sum);
          break;
        case L1:
          sum += Math.abs(a - b);
          break;
        default:
          sum = Math.fma(a - b, a - b, sum);
      }
    }
    return sum;
  }

  private static void products4(float[] x, int xo, float[] y, int yo, int d, float[] sums, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int k = 0; k < d; k++) {
      float a = x[xo + k];
      s0 = Math.fma(a, y[yo + k], s0);
      s1 = Math.fma(a, y[yo + d + k], s1);
      s2 = Math.fma(a, y[yo + 2 * d + k], s2);
      s3 = Math.fma(a, y[yo + 3 * d + k], s3);
    }
    put(sums, at, s0, s1, s2, s3);
  }

  private static void squares4(float[] x, int xo, float[] y, int yo, int d, float[] sums, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int k = 0; k < d; k++) {
      float a = x[xo + k];
      float d0 = a - y[yo + k];
      s0 = Math.fma(d0, d0, s0);
      float d1 = a - y[yo + d + k];
      s1 = Math.fma(d1, d1, s1);
      float d2 = a - y[yo + 2 * d + k];
      s2 = Math.fma(d2, d2, s2);
      float d3 = a - y[yo + 3 * d + k];
      s3 = Math.fma(d3, d3, s3);
    }
    put(sums, at, s0, s1, s2, s3);
  }

  private static void absolutes4(
      float[] x, int xo, float[] y, int yo, int d, float[] sums, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int k = 0; k < d; k++) {
      float a = x[xo + k];
      s0 += Math.abs(a - y[yo + k]);
      s1 += Math.abs(a - y[yo + d + k]);
      s2 += Math.abs(a - y[yo + 2 * d + k]);
      s3 += Math.abs(a - y[yo + 3 * d + k]);
    }
    put(sums, at, s0, s1, s2, s3);
  }

  private static void put(float[] sums, int at, float s0, float s1, float s2, float s3) {
    sums[at] = s0;
    sums[at + 1] = s1;
    sums[at + 2] = s2;
    sums[at + 3] = s3;
  }
}
