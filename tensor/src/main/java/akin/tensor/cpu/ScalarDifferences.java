package akin.tensor.cpu;

/** Differences by plain loops; from an element on, so that they also serve as tails. */
final class ScalarDifferences implements Differences {
  @Override
  public void weighted(float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo) {
    weighted(a, ao, b, m, d, w, y, yo, 0);
  }

  static void weighted(
      float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo, int from) {
    for (int t = from; t < d; t++) {
      float own = a[ao + t];
      float sum = 0;
      for (int j = 0; j < m; j++) {
        sum = Math.fma(own - b[j * d + t], w[j], sum);
      }
      y[yo + t] = sum;
    }
  }

  @Override
  public void signs(float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo) {
    signs(a, ao, b, m, d, w, y, yo, 0);
  }

  static void signs(
      float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo, int from) {
    for (int t = from; t < d; t++) {
      float own = a[ao + t];
      float sum = 0;
      for (int j = 0; j < m; j++) {
        sum = Math.fma(w[j], Math.signum(own - b[j * d + t]), sum);
      }
      y[yo + t] = sum;
    }
  }

  @Override
  public void rows(
      float[] a, int ao, float scale, float[] b, int m, int d, float[] w, float[] y, int yo) {
    rows(a, ao, scale, b, m, d, w, y, yo, 0);
  }

  static void rows(
      float[] a,
      int ao,
      float scale,
      float[] b,
      int m,
      int d,
      float[] w,
      float[] y,
      int yo,
      int from) {
    for (int t = from; t < d; t++) {
      float sum = 0;
      for (int j = 0; j < m; j++) {
        sum = Math.fma(w[j], b[j * d + t], sum);
      }
      y[yo + t] = Math.fma(scale, a[ao + t], sum);
    }
  }
}
