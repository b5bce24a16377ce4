package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/** Blocks by plain loops, which the compiler may vectorise by itself. */
final class ScalarBlocks implements Blocks {
  private static final int LANES = Simd.PATCHES.lanes();

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int tallest() {
    return 8;
  }

  @Override
  public void tile(
      int h,
      int blocks,
      int step,
      float[] x,
      int xo,
      int[] terms,
      float[] w,
      int wo,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int apart) {
    for (int i = 0; i < h; i++) {
      for (int j = 0; j < blocks; j++) {
        int to = yo + i * LANES + j * apart;
        System.arraycopy(bias, bo + j * LANES, y, to, LANES);
        for (int k = 0; k < terms.length; k++) {
          add(x[xo + terms[k] + i * step], w, wo + (k * blocks + j) * LANES, y, to);
        }
      }
    }
  }

  private static void add(float x, float[] w, int wo, float[] y, int yo) {
    for (int l = 0; l < LANES; l++) {
      y[yo + l] = Math.fma(x, w[wo + l], y[yo + l]);
    }
  }

  @Override
  public void activate(float[] y, int yo, int n, Activation act) {
    for (int i = yo; i < yo + n; i++) {
      y[i] = (float) act.value(y[i]);
    }
  }

  @Override
  public void finish(
      float[] x,
      int xo,
      int step,
      float[] y,
      int yo,
      int n,
      float[] bias,
      int bo,
      float[] residual,
      Activation act) {
    for (int i = 0; i < n; i++) {
      for (int l = 0; l < LANES; l++) {
        int to = yo + i * LANES + l;
        float v = x[xo + i * step + l];
        v = bias == null ? v : v + bias[bo + l];
        y[to] = (float) act.value(residual == null ? v : v + residual[to]);
      }
    }
  }

  @Override
  public void neighbours(
      int stride,
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int n,
      int rows,
      Activation act) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        int to = yo + (r * n + i) * LANES;
        System.arraycopy(w, wo + 9 * LANES, y, to, LANES);
        for (int k = 0; k < 9; k++) {
          int from = xo + (r * stride + k / 3) * pitch + (i * stride + k % 3) * LANES;
          for (int l = 0; l < LANES; l++) {
            y[to + l] = Math.fma(w[wo + k * LANES + l], x[from + l], y[to + l]);
          }
        }
        activate(y, to, LANES, act);
      }
    }
  }
}
