package akin.nn;

/**
 * Changes the number of samples along an axis by cubic convolution with a = −3/4, on the host in
 * double precision; rows and then columns make it bicubic. It equals torch's {@code interpolate} of
 * mode "bicubic" without antialias.
 *
 * <p>Output j lies at x = j·(from − 1)/(to − 1) where corners are aligned, else at (j + ½)·from/to
 * − ½. It is Σ w(x − k)·input[k] over the four nearest k, clamped to the ends, with
 *
 * <pre>
 * w(t) = (a + 2)|t|³ − (a + 3)|t|² + 1        for |t| ≤ 1
 *        a|t|³ − 5a|t|² + 8a|t| − 4a          for 1 &lt; |t| &lt; 2
 * </pre>
 *
 * <p>Constants stay as they are; so do inputs wherever an output lies on one. (Ramps do not: they
 * would for a = −1/2.)
 *
 * <p>Source: Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981.
 *
 * @param alignCorners whether the first and the last output lie on the first and the last input,
 *     instead of the edges of all areas
 */
public record Bicubic(boolean alignCorners) {
  private static final double A = -0.75;

  /**
   * Resizes one axis: x [outer, from, inner] → [outer, to, inner].
   *
   * @param to at least 1
   */
  public double[] resize(double[] x, int outer, int from, int inner, int to) {
    double[] y = new double[Math.multiplyExact(Math.multiplyExact(outer, to), inner)];
    for (int j = 0; j < to; j++) {
      double at = position(j, from, to);
      int nearest = (int) Math.floor(at);
      for (int k = nearest - 1; k <= nearest + 2; k++) {
        double weight = weight(at - k);
        int clamped = Math.max(0, Math.min(from - 1, k));
        for (int o = 0; o < outer; o++) {
          for (int i = 0; i < inner; i++) {
            y[(o * to + j) * inner + i] += weight * x[(o * from + clamped) * inner + i];
          }
        }
      }
    }
    return y;
  }

  private double position(int j, int from, int to) {
    if (alignCorners) {
      return to == 1 ? 0 : (double) j * (from - 1) / (to - 1);
    }
    return (j + 0.5) * from / to - 0.5;
  }

  private static double weight(double distance) {
    double t = Math.abs(distance);
    if (t <= 1) {
      return ((A + 2) * t - (A + 3)) * t * t + 1;
    }
    return t < 2 ? ((A * t - 5 * A) * t + 8 * A) * t - 4 * A : 0;
  }
}
