package akin.tensor.cpu;

import akin.tensor.backend.Backend;

/**
 * Batch normalisation of x [outer,C,inner]. Mean and variance are taken in two passes, so nothing
 * cancels. Planes of pictures are summed along rows; feature vectors (small inner) down columns.
 */
final class BatchNorms {
  private static final Sums SUMS = Simd.SUMS;

  /** From here on a plane is long enough to be summed as a row. */
  private static final int LONG = 16;

  /** Columns of one chunk where sums run down. */
  private static final int ACROSS = 128;

  private final Workers workers;

  BatchNorms(Workers workers) {
    this.workers = workers;
  }

  /** γ and β; running statistics; μ and r of this call. All [C]. */
  record Channels(
      float[] gamma,
      float[] beta,
      float[] runningMean,
      float[] runningVar,
      float[] mean,
      float[] invStd) {}

  void forward(float[] x, Channels c, float[] y, Backend.Norm s) {
    int channels = s.channels();
    double m = (double) s.outer() * s.inner();
    if (s.training()) {
      double[] mean = sums(x, null, null, s);
      float[] shift = new float[channels];
      for (int i = 0; i < channels; i++) {
        mean[i] /= m;
        shift[i] = (float) mean[i];
      }
      double[] squares = sums(x, x, shift, s);
      for (int i = 0; i < channels; i++) {
        double off = mean[i] - shift[i];
        double variance = Math.max(squares[i] / m - off * off, 0);
        c.mean[i] = shift[i];
        c.invStd[i] = (float) (1 / Math.sqrt(variance + s.eps()));
        double unbiased = variance * m / (m - 1);
        c.runningMean[i] += (float) (s.momentum() * (mean[i] - c.runningMean[i]));
        c.runningVar[i] += (float) (s.momentum() * (unbiased - c.runningVar[i]));
      }
    } else {
      for (int i = 0; i < channels; i++) {
        c.mean[i] = c.runningMean[i];
        c.invStd[i] = (float) (1 / Math.sqrt(c.runningVar[i] + s.eps()));
      }
    }
    float[] scale = new float[channels];
    for (int i = 0; i < channels; i++) {
      scale[i] = c.gamma[i] * c.invStd[i];
    }
    planes(
        s,
        (at, channel, n) -> {
          if (n == 1) {
            y[at] = Math.fma(x[at] - c.mean[channel], scale[channel], c.beta[channel]);
          } else {
            normalise(x, y, at, n, c.mean[channel], scale[channel], c.beta[channel]);
          }
        });
  }

  private static void normalise(
      float[] x, float[] y, int at, int n, float mean, float scale, float beta) {
    for (int i = at; i < at + n; i++) {
      y[i] = Math.fma(x[i] - mean, scale, beta);
    }
  }

  void gradient(
      float[] x,
      Channels c,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta,
      Backend.Norm s) {
    double m = (double) s.outer() * s.inner();
    double[] sumDy = sums(dy, null, null, s);
    double[] sumDyX = sums(x, dy, c.mean, s);
    int channels = s.channels();
    float[] ofDy = new float[channels];
    float[] ofX = new float[channels];
    float[] constant = new float[channels];
    for (int i = 0; i < channels; i++) {
      double r = c.invStd[i];
      double gamma = c.gamma[i] * r;
      dBeta[i] = (float) sumDy[i];
      dGamma[i] = (float) (sumDyX[i] * r);
      ofDy[i] = (float) gamma;
      ofX[i] = s.training() ? (float) (-gamma * r * r * sumDyX[i] / m) : 0;
      constant[i] = s.training() ? (float) (-gamma * sumDy[i] / m) : 0;
    }
    planes(
        s,
        (at, i, n) -> {
          if (n == 1) {
            dx[at] = Math.fma(ofDy[i], dy[at], Math.fma(ofX[i], x[at] - c.mean[i], constant[i]));
          } else {
            gradient(x, dy, dx, at, n, c.mean[i], ofDy[i], ofX[i], constant[i]);
          }
        });
  }

  private static void gradient(
      float[] x,
      float[] dy,
      float[] dx,
      int at,
      int n,
      float mean,
      float ofDy,
      float ofX,
      float constant) {
    for (int i = at; i < at + n; i++) {
      dx[i] = Math.fma(ofDy, dy[i], Math.fma(ofX, x[i] - mean, constant));
    }
  }

  /** Work on n neighbouring elements of one channel. */
  private interface Plane {
    void run(int at, int channel, int n);
  }

  private void planes(Backend.Norm s, Plane plane) {
    int channels = s.channels();
    int inner = (int) s.inner();
    workers.range(
        (int) s.outer() * channels,
        Math.max(1, Elements.GRAIN / Math.max(1, inner)),
        (from, to) -> {
          int channel = from % channels;
          for (int i = from; i < to; i++) {
            plane.run(i * inner, channel, inner);
            channel = channel + 1 == channels ? 0 : channel + 1;
          }
        });
  }

  /** Per channel Σ x, or Σ y·(x − shift) where y is given (y = x asks for squares about shift). */
  private double[] sums(float[] x, float[] y, float[] shift, Backend.Norm s) {
    int channels = s.channels();
    int inner = (int) s.inner();
    int outer = (int) s.outer();
    double[] sums = new double[channels];
    if (inner < LONG) {
      int columns = channels * inner;
      workers.range(
          channels,
          Math.max(1, ACROSS / Math.max(1, inner)),
          (from, to) -> {
            double[] down = new double[(to - from) * inner];
            float[] about = new float[down.length];
            for (int i = 0; i < about.length; i++) {
              about[i] = shift == null ? 0 : shift[from + i / inner];
            }
            for (int n = 0; n < outer; n++) {
              column(x, y, about, n * columns + from * inner, y == x, down);
            }
            for (int i = 0; i < down.length; i++) {
              sums[from + i / inner] += down[i];
            }
          });
      return sums;
    }
    workers.range(
        channels,
        Math.max(1, Elements.GRAIN / Math.max(1, outer * inner)),
        (from, to) -> {
          for (int c = from; c < to; c++) {
            for (int n = 0; n < outer; n++) {
              int at = (n * channels + c) * inner;
              sums[c] +=
                  y == null
                      ? SUMS.sum(x, at, at + inner)
                      : y == x
                          ? SUMS.squares(x, at, at + inner, shift[c])
                          : SUMS.products(y, at, x, at, inner, shift[c]);
            }
          }
        });
    return sums;
  }

  private static void column(
      float[] x, float[] y, float[] shift, int at, boolean squares, double[] sums) {
    if (y == null) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += x[at + i];
      }
    } else if (squares) {
      for (int i = 0; i < sums.length; i++) {
        double d = x[at + i] - shift[i];
        sums[i] += d * d;
      }
    } else {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += (double) y[at + i] * (x[at + i] - shift[i]);
      }
    }
  }
}
