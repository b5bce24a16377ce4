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
        y[to] = Strips.activate(residual == null ? v : v + residual[to], act);
      }
    }
  }
}
