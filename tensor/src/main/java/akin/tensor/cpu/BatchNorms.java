package akin.tensor.cpu;

import akin.tensor.backend.Backend;
import java.util.function.IntConsumer;

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
    if (s.training() && s.inner() >= LONG) {
      channels(
          s,
          i -> {
            double mean = sum(x, null, 0, i, s) / count(s);
            float shift = (float) mean;
            settle(c, i, mean, sum(x, x, shift, i, s), s);
            float scale = c.gamma[i] * c.invStd[i];
            int inner = (int) s.inner();
            for (int n = 0; n < s.outer(); n++) {
              normalise(x, y, (n * channels + i) * inner, inner, shift, scale, c.beta[i]);
            }
          });
      return;
    }
    if (s.training()) {
      double[] mean = columns(x, null, null, s);
      float[] shift = new float[channels];
      for (int i = 0; i < channels; i++) {
        mean[i] /= count(s);
        shift[i] = (float) mean[i];
      }
      double[] squares = columns(x, x, shift, s);
      for (int i = 0; i < channels; i++) {
        settle(c, i, mean[i], squares[i], s);
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

  private static double count(Backend.Norm s) {
    return (double) s.outer() * s.inner();
  }

  /**
   * Writes down the statistics of a channel.
   *
   * @param squares Σ (x − (float) mean)²
   */
  private static void settle(Channels c, int i, double mean, double squares, Backend.Norm s) {
    double m = count(s);
    float shift = (float) mean;
    double off = mean - shift;
    double variance = Math.max(squares / m - off * off, 0);
    c.mean[i] = shift;
    c.invStd[i] = (float) (1 / Math.sqrt(variance + s.eps()));
    double unbiased = variance * m / (m - 1);
    c.runningMean[i] += (float) (s.momentum() * (mean - c.runningMean[i]));
    c.runningVar[i] += (float) (s.momentum() * (unbiased - c.runningVar[i]));
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
    int channels = s.channels();
    if (s.inner() >= LONG) {
      channels(
          s,
          i -> {
            double sumDy = sum(dy, null, 0, i, s);
            double sumDyX = sum(x, dy, c.mean[i], i, s);
            Slope slope = slope(c, i, sumDy, sumDyX, dGamma, dBeta, s);
            int inner = (int) s.inner();
            for (int n = 0; n < s.outer(); n++) {
              gradient(x, dy, dx, (n * channels + i) * inner, inner, c.mean[i], slope);
            }
          });
      return;
    }
    double[] sumDy = columns(dy, null, null, s);
    double[] sumDyX = columns(x, dy, c.mean, s);
    Slope[] slopes = new Slope[channels];
    for (int i = 0; i < channels; i++) {
      slopes[i] = slope(c, i, sumDy[i], sumDyX[i], dGamma, dBeta, s);
    }
    planes(s, (at, i, n) -> gradient(x, dy, dx, at, n, c.mean[i], slopes[i]));
  }

  /** dx = ofDy·dy + ofX·(x − μ) + constant. */
  private record Slope(float ofDy, float ofX, float constant) {}

  private static Slope slope(
      Channels c,
      int i,
      double sumDy,
      double sumDyX,
      float[] dGamma,
      float[] dBeta,
      Backend.Norm s) {
    double m = count(s);
    double r = c.invStd[i];
    double gamma = c.gamma[i] * r;
    dBeta[i] = (float) sumDy;
    dGamma[i] = (float) (sumDyX * r);
    float ofX = s.training() ? (float) (-gamma * r * r * sumDyX / m) : 0;
    float constant = s.training() ? (float) (-gamma * sumDy / m) : 0;
    return new Slope((float) gamma, ofX, constant);
  }

  private static void gradient(
      float[] x, float[] dy, float[] dx, int at, int n, float mean, Slope slope) {
    float ofDy = slope.ofDy;
    float ofX = slope.ofX;
    float constant = slope.constant;
    for (int i = at; i < at + n; i++) {
      dx[i] = Math.fma(ofDy, dy[i], Math.fma(ofX, x[i] - mean, constant));
    }
  }

  /** All work on one channel: its planes are read several times while they are in a cache. */
  private void channels(Backend.Norm s, IntConsumer channel) {
    int cells = Math.max(1, (int) s.outer() * (int) s.inner());
    workers.range(
        s.channels(),
        Math.max(1, Elements.GRAIN / cells),
        (from, to) -> {
          for (int c = from; c < to; c++) {
            channel.accept(c);
          }
        });
  }

  /** Of channel c Σ x, or Σ y·(x − shift) where y is given (y = x asks for squares about shift). */
  private static double sum(float[] x, float[] y, float shift, int c, Backend.Norm s) {
    int inner = (int) s.inner();
    double sum = 0;
    for (int n = 0; n < s.outer(); n++) {
      int at = (n * s.channels() + c) * inner;
      sum +=
          y == null
              ? SUMS.sum(x, at, at + inner)
              : y == x
                  ? SUMS.squares(x, at, at + inner, shift)
                  : SUMS.products(y, at, x, at, inner, shift);
    }
    return sum;
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

  /** As {@link #sum} of all channels, whose planes are short. */
  private double[] columns(float[] x, float[] y, float[] shift, Backend.Norm s) {
    int channels = s.channels();
    int inner = (int) s.inner();
    int outer = (int) s.outer();
    double[] sums = new double[channels];
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
