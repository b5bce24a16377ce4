package akin.tensor.cpu;

/** Layer normalisation of the rows of x [rows,width]. */
final class LayerNorms {
  private static final Sums SUMS = Simd.SUMS;

  /** Columns of one chunk of the sums over rows, and rows that are summed in float32. */
  private static final int ACROSS = 128;

  private static final int DOWN = 16;

  private final Workers workers;

  LayerNorms(Workers workers) {
    this.workers = workers;
  }

  /** γ, β [width]; μ, r [rows]. */
  record Stats(float[] gamma, float[] beta, float[] mean, float[] invStd) {}

  void forward(float[] x, Stats s, float[] y, int rows, int width, double eps) {
    workers.range(
        rows,
        Math.max(1, Elements.GRAIN / 2 / Math.max(1, width)),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = r * width;
            double mean = SUMS.sum(x, at, at + width) / width;
            float shift = (float) mean;
            double off = mean - shift;
            double variance = SUMS.squares(x, at, at + width, shift) / width - off * off;
            s.mean[r] = shift;
            s.invStd[r] = (float) (1 / Math.sqrt(Math.max(variance, 0) + eps));
            normalise(x, y, at, width, shift, s.invStd[r], s.gamma, s.beta);
          }
        });
  }

  private static void normalise(
      float[] x,
      float[] y,
      int at,
      int width,
      float mean,
      float invStd,
      float[] gamma,
      float[] beta) {
    for (int i = 0; i < width; i++) {
      y[at + i] = Math.fma((x[at + i] - mean) * invStd, gamma[i], beta[i]);
    }
  }

  void gradient(
      float[] x,
      Stats s,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta,
      int rows,
      int width) {
    workers.range(
        rows,
        Math.max(1, Elements.GRAIN / 2 / Math.max(1, width)),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = r * width;
            multiply(dy, s.gamma, dx, at, width);
            double mean = SUMS.sum(dx, at, at + width) / width;
            double slope = SUMS.products(dx, at, x, at, width, s.mean[r]) / width;
            float invStd = s.invStd[r];
            finish(x, dx, at, width, s.mean[r], invStd, (float) mean, (float) slope * invStd);
          }
        });
    workers.range(
        width, ACROSS, (from, to) -> sumColumns(x, s, dy, dGamma, dBeta, rows, width, from, to));
  }

  private static void multiply(float[] dy, float[] gamma, float[] g, int at, int width) {
    for (int i = 0; i < width; i++) {
      g[at + i] = dy[at + i] * gamma[i];
    }
  }

  private static void finish(
      float[] x, float[] g, int at, int width, float mu, float invStd, float mean, float slope) {
    for (int i = at; i < at + width; i++) {
      g[i] = invStd * (g[i] - mean - (x[i] - mu) * invStd * slope);
    }
  }

  private static void sumColumns(
      float[] x,
      Stats s,
      float[] dy,
      float[] dGamma,
      float[] dBeta,
      int rows,
      int width,
      int from,
      int to) {
    int n = to - from;
    double[] gamma = new double[n];
    double[] beta = new double[n];
    float[] g = new float[n];
    float[] b = new float[n];
    for (int r = 0; r < rows; r++) {
      add(x, dy, r * width + from, s.mean[r], s.invStd[r], g, b);
      if (r % DOWN == DOWN - 1 || r == rows - 1) {
        for (int i = 0; i < n; i++) {
          gamma[i] += g[i];
          beta[i] += b[i];
          g[i] = 0;
          b[i] = 0;
        }
      }
    }
    for (int i = 0; i < n; i++) {
      dGamma[from + i] = (float) gamma[i];
      dBeta[from + i] = (float) beta[i];
    }
  }

  private static void add(
      float[] x, float[] dy, int at, float mean, float invStd, float[] g, float[] b) {
    for (int i = 0; i < g.length; i++) {
      g[i] = Math.fma(dy[at + i], (x[at + i] - mean) * invStd, g[i]);
      b[i] += dy[at + i];
    }
  }
}
