package akin.tensor.cpu;

/** Threes by plain loops. */
final class ScalarThrees implements Threes {
  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void sum(
      float[] x,
      int xo,
      int[] rows,
      Sides sides,
      float[] w,
      int wo,
      float bias,
      float[] y,
      int yo,
      int n) {
    for (int i = 0, c = 0; i < n; i++, c = c + 1 == sides.period() ? 0 : c + 1) {
      float s = bias;
      for (int k = 0; k < rows.length; k++) {
        int at = xo + rows[k] + i;
        s = Math.fma(w[wo + 3 * k], sides.left()[c] == 0 ? 0 : x[at - 1], s);
        s = Math.fma(w[wo + 3 * k + 1], x[at], s);
        s = Math.fma(w[wo + 3 * k + 2], sides.right()[c] == 0 ? 0 : x[at + 1], s);
      }
      y[yo + i] = s;
    }
  }

  @Override
  public void four(
      float[] x, int xo, int width, Sides sides, float[] w, int wo, float bias, float[] y, int yo) {
    int[] rows = {0, width, 2 * width};
    for (int r = 0; r < 4; r++) {
      sum(x, xo + r * width, rows, sides, w, wo, bias, y, yo + r * width, width);
    }
  }

  @Override
  public void products(
      float[] x, int xo, int[] rows, Sides sides, float[] g, int go, int n, float[] sums, int at) {
    for (int k = 0; k < rows.length; k++) {
      int from = xo + rows[k];
      float left = sums[at + 3 * k];
      float middle = sums[at + 3 * k + 1];
      float right = sums[at + 3 * k + 2];
      for (int i = 0, c = 0; i < n; i++, c = c + 1 == sides.period() ? 0 : c + 1) {
        float v = g[go + i];
        left = Math.fma(sides.left()[c] == 0 ? 0 : v, x[from + i - 1], left);
        middle = Math.fma(v, x[from + i], middle);
        right = Math.fma(sides.right()[c] == 0 ? 0 : v, x[from + i + 1], right);
      }
      sums[at + 3 * k] = left;
      sums[at + 3 * k + 1] = middle;
      sums[at + 3 * k + 2] = right;
    }
  }

  @Override
  public void stuff(float[] x, int xo, int n, int shift, float[] y, int yo, int width) {
    java.util.Arrays.fill(y, yo, yo + width, 0);
    spread(x, xo, y, yo + shift, 0, n);
  }

  static void spread(float[] x, int xo, float[] y, int yo, int from, int to) {
    for (int i = from; i < to; i++) {
      y[yo + 2 * i] = x[xo + i];
    }
  }
}
