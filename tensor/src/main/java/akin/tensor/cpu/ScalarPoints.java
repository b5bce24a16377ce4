package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import java.util.Arrays;

/** Points by plain loops, which the compiler may vectorise by itself. */
final class ScalarPoints implements Points {
  private static final int LANES = 32;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int tallest() {
    return 4;
  }

  @Override
  public void tile(
      int h,
      int vectors,
      float[] w,
      int wo,
      float[] x,
      int xo,
      int step,
      int kc,
      float[] bias,
      int bo,
      Activation act,
      float[] y,
      int yo,
      int pitch) {
    int n = vectors * LANES;
    for (int i = 0; i < h; i++) {
      int to = yo + i * pitch;
      Arrays.fill(y, to, to + n, bias[bo + i]);
      for (int k = 0; k < kc; k++) {
        add(w[wo + k * h + i], x, xo + k * step, y, to, n);
      }
      for (int j = to; j < to + n; j++) {
        y[j] = (float) act.value(y[j]);
      }
    }
  }

  private static void add(float w, float[] x, int xo, float[] y, int yo, int n) {
    for (int j = 0; j < n; j++) {
      y[yo + j] = Math.fma(w, x[xo + j], y[yo + j]);
    }
  }
}
