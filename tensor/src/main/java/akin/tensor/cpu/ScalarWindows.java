package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/** Windows by plain loops, which the compiler may vectorise by itself. */
final class ScalarWindows implements Windows {
  @Override
  public void sum(
      float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, int n, float bias) {
    java.util.Arrays.fill(y, yo, yo + n, bias);
    for (int k = 0; k < taps.length; k++) {
      add(x, xo + taps[k], w[wo + k], y, yo, n);
    }
  }

  @Override
  public void grid(
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int width,
      int n,
      int rows,
      float bias,
      Activation act) {
    int[] taps = {0, 1, 2, pitch, pitch + 1, pitch + 2, 2 * pitch, 2 * pitch + 1, 2 * pitch + 2};
    for (int r = 0; r < rows * pitch; r += pitch) {
      int to = yo + r / pitch * width;
      sum(x, xo + r, taps, w, wo, y, to, n, bias);
      for (int i = to; i < to + n; i++) {
        y[i] = (float) act.value(y[i]);
      }
    }
  }

  private static void add(float[] x, int xo, float w, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(w, x[xo + i], y[yo + i]);
    }
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void products(
      float[] x, int xo, int[] taps, float[] g, int go, int n, float[] sums, int at) {
    for (int k = 0; k < taps.length; k++) {
      float sum = 0;
      for (int i = 0; i < n; i++) {
        sum = Math.fma(x[xo + taps[k] + i], g[go + i], sum);
      }
      sums[at + k] += sum;
    }
  }

  @Override
  public void weave(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    pairs(a, ao, b, bo, y, yo, 0, n / 2);
    if (n % 2 != 0) {
      y[yo + n - 1] = a[ao + n / 2];
    }
  }

  static void pairs(float[] a, int ao, float[] b, int bo, float[] y, int yo, int from, int to) {
    for (int i = from; i < to; i++) {
      y[yo + 2 * i] = a[ao + i];
      y[yo + 2 * i + 1] = b[bo + i];
    }
  }
}
