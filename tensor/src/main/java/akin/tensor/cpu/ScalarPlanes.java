package akin.tensor.cpu;

/** Planes by plain loops with eight running sums. */
final class ScalarPlanes implements Planes {
  private static final int LANES = 8;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public void moments(float[] x, int at, int n, float about, float[] sums) {
    for (int i = 0; i < n; i++) {
      float d = x[at + i] - about;
      int lane = i % LANES;
      sums[lane] += d;
      sums[LANES + lane] = Math.fma(d, d, sums[LANES + lane]);
    }
  }

  @Override
  public void value(float[] x, float[] y, int at, int n, Line line) {
    values(x, y, at, at + n, line);
  }

  static void values(float[] x, float[] y, int from, int to, Line line) {
    for (int i = from; i < to; i++) {
      float v = Math.fma(x[i] - line.mean(), line.scale(), line.shift());
      y[i] = v <= line.low() ? line.low() : v > line.high() ? line.high() : v;
    }
  }

  /** dy[i] if x[i]'s value goes through, else 0. */
  private static float through(float[] x, float[] dy, int i, Line line) {
    float v = Math.fma(x[i] - line.mean(), line.scale(), line.shift());
    return v <= line.low() || v >= line.high() ? 0 : dy[i];
  }

  @Override
  public void products(float[] x, float[] dy, int at, int n, Line line, float[] sums) {
    for (int i = 0; i < n; i++) {
      float g = through(x, dy, at + i, line);
      int lane = i % LANES;
      sums[lane] += g;
      sums[LANES + lane] = Math.fma(g, x[at + i] - line.mean(), sums[LANES + lane]);
    }
  }

  @Override
  public void gradient(float[] x, float[] dy, float[] dx, int at, int n, Line line, Slope slope) {
    gradients(x, dy, dx, at, at + n, line, slope);
  }

  static void gradients(
      float[] x, float[] dy, float[] dx, int from, int to, Line line, Slope slope) {
    for (int i = from; i < to; i++) {
      float g = through(x, dy, i, line);
      float rest = Math.fma(slope.ofX(), x[i] - line.mean(), slope.constant());
      dx[i] = Math.fma(slope.ofDy(), g, rest);
    }
  }
}
