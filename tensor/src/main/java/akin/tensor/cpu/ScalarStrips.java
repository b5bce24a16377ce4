package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/** Rows moved by plain loops. */
final class ScalarStrips implements Strips {
  @Override
  public void copy(float[] x, int xo, float[] y, int yo, int n) {
    System.arraycopy(x, xo, y, yo, n);
  }

  @Override
  public void skip(float[] x, int xo, int step, float[] y, int yo, int n) {
    pick(x, xo, step, y, yo, 0, n);
  }

  static void pick(float[] x, int xo, int step, float[] y, int yo, int from, int to) {
    for (int i = from; i < to; i++) {
      y[yo + i] = x[xo + i * step];
    }
  }

  @Override
  public void widen(
      float[] x, int xo, int distance, int[] inside, float[] y, int yo, int pitch, int rows) {
    for (int r = 0; r < rows; r++) {
      take(x, xo + r * distance, 1, inside, y, yo + r * pitch, pitch);
    }
  }

  @Override
  public void split(
      float[] x,
      int xo,
      int distance,
      int[] even,
      int[] odd,
      float[] y,
      int yo,
      int apart,
      int pitch,
      int rows) {
    for (int r = 0; r < rows; r++) {
      take(x, xo + r * distance, 2, even, y, yo + r * pitch, pitch);
      take(x, xo + r * distance + 1, 2, odd, y, yo + apart + r * pitch, pitch);
    }
  }

  private static void take(float[] x, int xo, int step, int[] inside, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = inside[i] == 0 ? 0 : x[xo + i * step];
    }
  }

  @Override
  public void compact(float[] x, int xo, int pitch, float[] y, int yo, int n, int rows) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x, xo + r * pitch, y, yo + r * n, n);
    }
  }

  @Override
  public void max(float[] x, int xo, float[] y, int yo, int n) {
    larger(x, xo, y, yo, 0, n);
  }

  static void larger(float[] x, int xo, float[] y, int yo, int from, int to) {
    for (int i = from; i < to; i++) {
      y[yo + i] = Math.max(x[xo + i], y[yo + i]);
    }
  }

  @Override
  public int slack() {
    return 0;
  }

  @Override
  public void finish(
      float[] x,
      int xo,
      int pitch,
      float[] y,
      int yo,
      int rows,
      int n,
      float bias,
      float[] residual,
      Activation act) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        int to = yo + r * n + i;
        float v = x[xo + r * pitch + i] + bias;
        y[to] = (float) act.value(residual == null ? v : v + residual[to]);
      }
    }
  }
}
