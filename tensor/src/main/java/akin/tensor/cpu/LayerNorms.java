package akin.tensor.cpu;

import akin.tensor.backend.Binary;
import java.util.Arrays;

/** Layer normalisation of the rows of x [rows,width]. */
final class LayerNorms {
  private static final Sums SUMS = Simd.SUMS;
  private static final Binaries BINARIES = Simd.BINARIES;
  private static final LayerRows ROWS = Simd.LAYER_ROWS;

  /** Columns of one chunk of the sums over rows, and rows that are summed in float32. */
  private static final int ACROSS = 128;

  private static final int DOWN = 16;

  private final Workers workers;
  private final Scratch scratch;

  LayerNorms(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
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
            ROWS.normalise(x, y, at, width, shift, s.invStd[r], s.gamma, s.beta);
          }
        });
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
            BINARIES.value(Binary.MUL, dy, at, s.gamma, 0, dx, at, width);
            double mean = SUMS.sum(dx, at, at + width) / width;
            double slope = SUMS.products(dx, at, x, at, width, s.mean[r]) / width;
            float invStd = s.invStd[r];
            finish(x, dx, at, width, s.mean[r], invStd, (float) mean, (float) slope * invStd);
          }
        });
    workers.run(
        Math.floorDiv(width - 1, ACROSS) + 1,
        (chunk, worker) -> {
          int from = chunk * ACROSS;
          int n = Math.min(ACROSS, width - from);
          sumColumns(x, s, dy, dGamma, dBeta, rows, width, from, n, worker);
        });
  }

  private static void finish(
      float[] x, float[] g, int at, int width, float mu, float invStd, float mean, float slope) {
    for (int i = at; i < at + width; i++) {
      g[i] = invStd * (g[i] - mean - (x[i] - mu) * invStd * slope);
    }
  }

  private void sumColumns(
      float[] x,
      Stats s,
      float[] dy,
      float[] dGamma,
      float[] dBeta,
      int rows,
      int width,
      int from,
      int n,
      int worker) {
    double[] gamma = scratch.doubles(worker, Scratch.Use.SCALE, n);
    double[] beta = scratch.doubles(worker, Scratch.Use.SHIFT, n);
    float[] g = scratch.take(worker, Scratch.Use.SCALE, n);
    float[] b = scratch.take(worker, Scratch.Use.SHIFT, n);
    Arrays.fill(gamma, 0, n, 0);
    Arrays.fill(beta, 0, n, 0);
    for (int start = 0; start < rows; start += DOWN) {
      Arrays.fill(g, 0, n, 0);
      Arrays.fill(b, 0, n, 0);
      for (int r = start; r < Math.min(rows, start + DOWN); r++) {
        ROWS.add(x, dy, r * width + from, n, s.mean[r], s.invStd[r], g, b);
      }
      for (int i = 0; i < n; i++) {
        gamma[i] += g[i];
        beta[i] += b[i];
      }
    }
    for (int i = 0; i < n; i++) {
      dGamma[from + i] = (float) gamma[i];
      dBeta[from + i] = (float) beta[i];
    }
  }
}
