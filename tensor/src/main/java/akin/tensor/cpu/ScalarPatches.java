package akin.tensor.cpu;

/** Patches by plain loops. */
final class ScalarPatches implements Patches {
  private static final int LANES = Simd.TILES.cols() / 2;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void picture(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      for (int lane = 0; lane < LANES; lane++, from++, to++) {
        float x0 = x[from];
        float x1 = x[from + step];
        float x2 = x[from + 2 * step];
        float x3 = x[from + 3 * step];
        float x4 = x[from + 4 * step];
        float x5 = x[from + 5 * step];
        y[to] = Math.fma(x0, Winograd.P, Math.fma(x2, -Winograd.Q, x4));
        float e = Math.fma(x2, -Winograd.BB, x4);
        float o = Math.fma(x1, -Winograd.BB, x3);
        y[to + yStep] = Math.fma(o, Winograd.A, e);
        y[to + 2 * yStep] = Math.fma(o, -Winograd.A, e);
        float f = Math.fma(x2, -Winograd.AA, x4);
        float p = Math.fma(x1, -Winograd.AA, x3);
        y[to + 3 * yStep] = Math.fma(p, Winograd.B, f);
        y[to + 4 * yStep] = Math.fma(p, -Winograd.B, f);
        y[to + 5 * yStep] = Math.fma(x1, Winograd.P, Math.fma(x3, -Winograd.Q, x5));
      }
    }
  }

  @Override
  public void kernel(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      for (int lane = 0; lane < LANES; lane++, from++, to++) {
        float x0 = x[from];
        float x1 = x[from + step];
        float x2 = x[from + 2 * step];
        y[to] = x0 * Winograd.G0;
        float e = Math.fma(x2, Winograd.GA2, x0 * Winograd.GA0);
        y[to + yStep] = Math.fma(x1, Winograd.GA1, e);
        y[to + 2 * yStep] = Math.fma(x1, -Winograd.GA1, e);
        float f = Math.fma(x2, Winograd.GB2, x0 * Winograd.GB0);
        y[to + 3 * yStep] = Math.fma(x1, Winograd.GB1, f);
        y[to + 4 * yStep] = Math.fma(x1, -Winograd.GB1, f);
        y[to + 5 * yStep] = x2;
      }
    }
  }

  @Override
  public void result(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      for (int lane = 0; lane < LANES; lane++, from++, to++) {
        float x0 = x[from];
        float x1 = x[from + step];
        float x2 = x[from + 2 * step];
        float x3 = x[from + 3 * step];
        float x4 = x[from + 4 * step];
        float x5 = x[from + 5 * step];
        float s = x1 + x2;
        float d = x1 - x2;
        float t = x3 + x4;
        float u = x3 - x4;
        y[to] = x0 + s + t;
        y[to + yStep] = Math.fma(d, Winograd.A, u * Winograd.B);
        y[to + 2 * yStep] = Math.fma(s, Winograd.AA, t * Winograd.BB);
        y[to + 3 * yStep] = Math.fma(d, Winograd.AAA, Math.fma(u, Winograd.BBB, x5));
      }
    }
  }

  @Override
  public void resultGradient(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      for (int lane = 0; lane < LANES; lane++, from++, to++) {
        float x0 = x[from];
        float x1 = x[from + step];
        float x2 = x[from + 2 * step];
        float x3 = x[from + 3 * step];
        y[to] = x0;
        float e = Math.fma(x2, Winograd.AA, x0);
        float o = Math.fma(x3, Winograd.AAA, x1 * Winograd.A);
        y[to + yStep] = e + o;
        y[to + 2 * yStep] = e - o;
        float f = Math.fma(x2, Winograd.BB, x0);
        float p = Math.fma(x3, Winograd.BBB, x1 * Winograd.B);
        y[to + 3 * yStep] = f + p;
        y[to + 4 * yStep] = f - p;
        y[to + 5 * yStep] = x3;
      }
    }
  }

  @Override
  public void kernelGradient(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      for (int lane = 0; lane < LANES; lane++, from++, to++) {
        float x0 = x[from];
        float x1 = x[from + step];
        float x2 = x[from + 2 * step];
        float x3 = x[from + 3 * step];
        float x4 = x[from + 4 * step];
        float x5 = x[from + 5 * step];
        float s = x1 + x2;
        float d = x1 - x2;
        float t = x3 + x4;
        float u = x3 - x4;
        y[to] = Math.fma(s, Winograd.GA0, Math.fma(t, Winograd.GB0, x0 * Winograd.G0));
        y[to + yStep] = Math.fma(d, Winograd.GA1, u * Winograd.GB1);
        y[to + 2 * yStep] = Math.fma(s, Winograd.GA2, Math.fma(t, Winograd.GB2, x5));
      }
    }
  }
}
