package akin.tensor.cpu;

import akin.tensor.backend.Backend;
import java.util.Arrays;

/**
 * Batch normalisation of x [outer,C,inner], channel by channel: what was read for the sums is still
 * in a cache when the result is written. The activation that follows is done in the same walk; its
 * argument is computed again from x for the gradient. {@link FeatureNorms} does feature vectors and
 * short planes.
 */
final class BatchNorms {
  private static final Planes PLANES = Simd.PLANES;
  private static final int LANES = PLANES.lanes();

  /** From here on a plane is long enough for a walk of its own. */
  private static final int LONG = 64;

  /** Numbers summed in float32; a plane is cut into pieces as long, about. */
  private static final int PIECE = 1024;

  private final Workers workers;
  private final Scratch scratch;
  private final FeatureNorms features;

  BatchNorms(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
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
          (i, sums) -> {
            for (int part = 0; part < s.parts(); part++) {
              statistics(x, c, i, part, sums, s);
              Planes.Line line = line(c, i, part, s);
              planes(s, i, part, (at, n) -> PLANES.value(x, y, at, n, line));
            }
          });
    } else {
      for (int i = 0; i < s.channels(); i++) {
        recall(c, i, s);
      }
      channels(
          s,
          (i, sums) -> {
            Planes.Line line = line(c, i, 0, s);
            planes(s, i, 0, (at, n) -> PLANES.value(x, y, at, n, line));
          });
    }
  }

  /**
   * Mean and variance of a part of channel i by one walk about a number near the mean, that of a
   * first piece. Were it farther from the mean than a standard deviation, half of the squares or
   * more would cancel: then by another walk, about the mean.
   */
  private static void statistics(
      float[] x, Channels c, int i, int part, LaneSums sums, Backend.Norm s) {
    double m = count(s);
    int first = start(i, part, s);
    int few = (int) Math.min(s.inner(), PIECE);
    sums.clear();
    PLANES.moments(x, first, few, 0, sums.lanes);
    sums.settle();
    double about = 0;
    double offset = sums.first / few;
    double central = -1;
    for (int walk = 0; walk < 2 && !(2 * central >= sums.second); walk++) {
      about = (float) (about + offset);
      float near = (float) about;
      sums.clear();
      sums.add(s, i, part, (at, n) -> PLANES.moments(x, at, n, near, sums.lanes));
      offset = sums.first / m;
      central = sums.second - sums.first * offset;
    }
    settle(c, i, part * s.channels() + i, about + offset, central, s);
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
   * @param central Σ (x − mean)²
   */
  static void settle(Channels c, int i, int at, double mean, double central, Backend.Norm s) {
    double m = count(s);
    double variance = Math.max(central / m, 0);
    c.mean[at] = (float) mean;
    c.invStd[at] = (float) (1 / Math.sqrt(variance + s.eps()));
    double unbiased = variance * m / (m - 1);
    c.runningMean[i] += (float) (s.momentum() * (mean - c.runningMean[i]));
    c.runningVar[i] += (float) (s.momentum() * (unbiased - c.runningVar[i]));
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
        (i, sums) -> {
          for (int part = 0; part < s.parts(); part++) {
            int at = part * s.channels() + i;
            Planes.Line line = line(c, i, part, s);
            sums.clear();
            sums.add(s, i, part, (from, n) -> PLANES.products(x, dy, from, n, line, sums.lanes));
            add(dBeta, i, part, sums.first);
            add(dGamma, i, part, sums.second * c.invStd[at]);
            Planes.Slope slope = slope(c, i, at, sums.first, sums.second, s);
            planes(s, i, part, (from, n) -> PLANES.gradient(x, dy, dx, from, n, line, slope));
          }
        });
  }

  /** The gradient of a weight is the sum over parts, as if they were passes of their own. */
  static void add(float[] gradient, int i, int part, double g) {
    gradient[i] = part == 0 ? (float) g : gradient[i] + (float) g;
  }

  static Planes.Slope slope(
      Channels c, int i, int at, double sumDy, double sumDyX, Backend.Norm s) {
    double m = count(s);
    double r = c.invStd[at];
    double gamma = c.gamma[i] * r;
    float ofX = s.training() ? (float) (-gamma * r * r * sumDyX / m) : 0;
    float constant = s.training() ? (float) (-gamma * sumDy / m) : 0;
    return new Planes.Slope((float) gamma, ofX, constant);
  }

  /** Work on one channel, with space for its sums. */
  private interface Channel {
    void run(int channel, LaneSums sums);
  }

  private void channels(Backend.Norm s, Channel channel) {
    int cells = Math.max(1, (int) s.outer() * (int) s.inner());
    int grain = Math.max(1, Elements.GRAIN / cells);
    workers.run(
        (s.channels() + grain - 1) / grain,
        (chunk, worker) -> {
          LaneSums sums = new LaneSums(scratch.take(worker, Scratch.Use.FEW, 2 * LANES));
          int end = Math.min(s.channels(), (chunk + 1) * grain);
          for (int c = chunk * grain; c < end; c++) {
            channel.run(c, sums);
          }
        });
  }

  /** Work on n neighbouring numbers of one channel. */
  private interface Plane {
    void run(int at, int n);
  }

  /** Where a part of channel i begins. */
  private static int start(int i, int part, Backend.Norm s) {
    int rows = (int) s.outer() / s.parts();
    return (part * rows * s.channels() + i) * (int) s.inner();
  }

  private static void planes(Backend.Norm s, int i, int part, Plane plane) {
    int inner = (int) s.inner();
    int at = start(i, part, s);
    for (int n = 0; n < (int) s.outer() / s.parts(); n++) {
      plane.run(at + n * s.channels() * inner, inner);
    }
  }

  private static Planes.Line line(Channels c, int i, int part, Backend.Norm s) {
    int at = part * s.channels() + i;
    float scale = c.gamma[i] * c.invStd[at];
    return new Planes.Line(c.mean[at], scale, c.beta[i], s.act().low(), s.act().high());
  }

  /** Two sums, in lanes in float32 for a piece and in float64 over the pieces. */
  private static final class LaneSums {
    final float[] lanes;
    double first;
    double second;

    LaneSums(float[] lanes) {
      this.lanes = lanes;
    }

    void clear() {
      Arrays.fill(lanes, 0, 2 * LANES, 0);
      first = 0;
      second = 0;
    }

    /** Adds up all planes of a part of channel i, cut by their sizes alone. */
    void add(Backend.Norm s, int i, int part, Plane piece) {
      int pieces = ((int) s.inner() + PIECE - 1) / PIECE;
      int[] waiting = new int[1];
      planes(
          s,
          i,
          part,
          (at, n) -> {
            for (int p = 0; p < pieces; p++) {
              int from = (int) ((long) n * p / pieces);
              int to = (int) ((long) n * (p + 1) / pieces);
              piece.run(at + from, to - from);
              waiting[0] += to - from;
              if (waiting[0] >= PIECE) {
                settle();
                waiting[0] = 0;
              }
            }
          });
      settle();
    }

    /** Adds the lanes to the sums. */
    void settle() {
      for (int lane = 0; lane < LANES; lane++) {
        first += lanes[lane];
        second += lanes[LANES + lane];
      }
      Arrays.fill(lanes, 0, 2 * LANES, 0);
    }
  }
}
