package akin.tensor.cpu;

import akin.tensor.backend.Backend;
import java.util.function.IntConsumer;

/**
 * Batch normalisation of x [outer,C,inner]. Mean and variance are taken in two passes, so nothing
 * cancels. Planes of pictures are summed along rows; {@link FeatureNorms} does feature vectors.
 */
final class BatchNorms {
  private static final Sums SUMS = Simd.SUMS;

  /** From here on a plane is long enough to be summed as a row. */
  private static final int LONG = 16;

  private final Workers workers;
  private final FeatureNorms features;

  BatchNorms(Workers workers, Scratch scratch) {
    this.workers = workers;
    features = new FeatureNorms(workers, scratch);
  }

  /** γ and β; running statistics; μ and r of this call. All [C], μ and r [parts, C]. */
  record Channels(
      float[] gamma,
      float[] beta,
      float[] runningMean,
      float[] runningVar,
      float[] mean,
      float[] invStd) {}

  void forward(float[] x, Channels c, float[] y, Backend.Norm s) {
    if (s.inner() < LONG) {
      features.forward(x, c, y, s);
    } else if (s.training()) {
      channels(
          s,
          i -> {
            for (int part = 0; part < s.parts(); part++) {
              int at = part * s.channels() + i;
              double mean = sum(x, null, 0, i, part, s) / count(s);
              settle(c, i, at, mean, sum(x, x, (float) mean, i, part, s), s);
              float scale = c.gamma[i] * c.invStd[at];
              int inner = (int) s.inner();
              for (int n = first(part, s); n < first(part + 1, s); n++) {
                int from = (n * s.channels() + i) * inner;
                normalise(x, y, from, inner, c.mean[at], scale, c.beta[i]);
              }
            }
          });
    } else {
      for (int i = 0; i < s.channels(); i++) {
        recall(c, i, s);
      }
      planes(
          s, (at, i, n) -> normalise(x, y, at, n, c.mean[i], c.gamma[i] * c.invStd[i], c.beta[i]));
    }
  }

  /** The first row of a part. */
  static int first(int part, Backend.Norm s) {
    return (int) (s.outer() / s.parts()) * part;
  }

  /** Elements of a channel that are normalised together. */
  static double count(Backend.Norm s) {
    return (double) s.outer() / s.parts() * s.inner();
  }

  /** Takes the running statistics of a channel as those of this call. */
  static void recall(Channels c, int i, Backend.Norm s) {
    c.mean[i] = c.runningMean[i];
    c.invStd[i] = (float) (1 / Math.sqrt(c.runningVar[i] + s.eps()));
  }

  /**
   * Writes down the statistics of a part of channel {@code i}.
   *
   * @param at where they stand
   * @param squares Σ (x − (float) mean)²
   */
  static void settle(Channels c, int i, int at, double mean, double squares, Backend.Norm s) {
    double m = count(s);
    float shift = (float) mean;
    double off = mean - shift;
    double variance = Math.max(squares / m - off * off, 0);
    c.mean[at] = shift;
    c.invStd[at] = (float) (1 / Math.sqrt(variance + s.eps()));
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
    if (s.inner() < LONG) {
      features.gradient(x, c, dy, dx, dGamma, dBeta, s);
      return;
    }
    channels(
        s,
        i -> {
          for (int part = 0; part < s.parts(); part++) {
            int at = part * s.channels() + i;
            double sumDy = sum(dy, null, 0, i, part, s);
            double sumDyX = sum(x, dy, c.mean[at], i, part, s);
            add(dBeta, i, part, sumDy);
            add(dGamma, i, part, sumDyX * c.invStd[at]);
            Slope slope = slope(c, i, at, sumDy, sumDyX, s);
            int inner = (int) s.inner();
            for (int n = first(part, s); n < first(part + 1, s); n++) {
              int from = (n * s.channels() + i) * inner;
              gradient(x, dy, dx, from, inner, c.mean[at], slope);
            }
          }
        });
  }

  /** The gradient of a weight is the sum over parts, as if they were passes of their own. */
  static void add(float[] gradient, int i, int part, double g) {
    gradient[i] = part == 0 ? (float) g : gradient[i] + (float) g;
  }

  /** dx = ofDy·dy + ofX·(x − μ) + constant. */
  record Slope(float ofDy, float ofX, float constant) {}

  static Slope slope(Channels c, int i, int at, double sumDy, double sumDyX, Backend.Norm s) {
    double m = count(s);
    double r = c.invStd[at];
    double gamma = c.gamma[i] * r;
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

  /**
   * Of a part of channel c Σ x, or Σ y·(x − shift) where y is given (y = x asks for squares about
   * shift).
   */
  private static double sum(float[] x, float[] y, float shift, int c, int part, Backend.Norm s) {
    int inner = (int) s.inner();
    double sum = 0;
    for (int n = first(part, s); n < first(part + 1, s); n++) {
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
}
