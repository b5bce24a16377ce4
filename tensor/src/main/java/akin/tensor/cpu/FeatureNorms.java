package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import java.util.Arrays;

/**
 * Batch normalisation of feature vectors x [outer,C], or of short planes x [outer,C,inner]: sums
 * run down columns, those of a plane's numbers are added up. A chunk is some channels, whose rows
 * are read several times while they are in a cache.
 */
final class FeatureNorms {
  /** Columns of one chunk of features: few, so that threads have something to share. */
  private static final int ACROSS = 128;

  /** Columns of one chunk of planes, about. */
  private static final int PLANES_ACROSS = 1024;

  private static final Columns COLUMNS = Simd.COLUMNS;

  private final Workers workers;
  private final Scratch scratch;

  FeatureNorms(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /**
   * One part of some channels: {@code rows} lines of n = channels·inner numbers, {@code pitch}
   * apart.
   */
  private record Block(
      int part, int channel, int channels, int inner, int at, int pitch, int rows) {
    int n() {
      return channels * inner;
    }

    /** Writes one value for the columns of the i-th channel. */
    void spread(float value, int i, float[] columns) {
      Arrays.fill(columns, i * inner, (i + 1) * inner, value);
    }

    /** Σ over the columns of the i-th channel. */
    double gather(double[] columns, int i) {
      double sum = 0;
      for (int c = i * inner; c < (i + 1) * inner; c++) {
        sum += columns[c];
      }
      return sum;
    }
  }

  /** Work on one block. */
  private interface Work {
    void run(Block block, int worker);
  }

  private void blocks(Backend.Norm s, Work work) {
    int inner = (int) s.inner();
    int pitch = s.channels() * inner;
    int grain = Math.max(1, inner == 1 ? ACROSS : PLANES_ACROSS / Math.max(1, inner));
    int rows = (int) s.outer() / s.parts();
    workers.run(
        Math.floorDiv(s.channels() - 1, grain) + 1,
        (chunk, worker) -> {
          int channel = chunk * grain;
          int channels = Math.min(grain, s.channels() - channel);
          for (int part = 0; part < s.parts(); part++) {
            int at = part * rows * pitch + channel * inner;
            work.run(new Block(part, channel, channels, inner, at, pitch, rows), worker);
          }
        });
  }

  void forward(float[] x, BatchNorms.Channels c, float[] y, Backend.Norm s) {
    blocks(
        s,
        (b, worker) -> {
          float[] about = scratch.take(worker, Scratch.Use.ABOUT, b.n());
          float[] scale = scratch.take(worker, Scratch.Use.SCALE, b.n());
          float[] shift = scratch.take(worker, Scratch.Use.SHIFT, b.n());
          int first = b.part * s.channels() + b.channel;
          if (s.training()) {
            statistics(x, c, b, about, worker, s);
          }
          for (int i = 0; i < b.channels; i++) {
            if (!s.training()) {
              BatchNorms.recall(c, b.channel + i, s);
            }
            b.spread(c.mean()[first + i], i, about);
            b.spread(c.gamma()[b.channel + i] * c.invStd()[first + i], i, scale);
            b.spread(c.beta()[b.channel + i], i, shift);
          }
          Columns.Lines lines = new Columns.Lines(about, scale, shift, s.act());
          COLUMNS.lines(x, y, b.at, b.pitch, b.rows, lines, b.n());
        });
  }

  private void statistics(
      float[] x, BatchNorms.Channels c, Block b, float[] about, int worker, Backend.Norm s) {
    ColumnSums columns = new ColumnSums(scratch, worker, b.n());
    double[] means = scratch.doubles(worker, Scratch.Use.ABOUT, b.channels);
    double[] sums = columns.plain(x, b.at, b.pitch, b.rows);
    for (int i = 0; i < b.channels; i++) {
      means[i] = b.gather(sums, i) / BatchNorms.count(s);
      b.spread((float) means[i], i, about);
    }
    double[] squares = columns.squares(x, b.at, b.pitch, b.rows, about);
    int first = b.part * s.channels() + b.channel;
    for (int i = 0; i < b.channels; i++) {
      double off = means[i] - (float) means[i];
      double central = b.gather(squares, i) - BatchNorms.count(s) * off * off;
      BatchNorms.settle(c, b.channel + i, first + i, means[i], central, s);
    }
  }

  void gradient(
      float[] x,
      BatchNorms.Channels c,
      float[] dy,
      float[] dx,
      float[] dGamma,
      float[] dBeta,
      Backend.Norm s) {
    blocks(
        s,
        (b, worker) -> {
          Columns.Slopes slopes =
              new Columns.Slopes(
                  scratch.take(worker, Scratch.Use.ABOUT, b.n()),
                  scratch.take(worker, Scratch.Use.SCALE, b.n()),
                  scratch.take(worker, Scratch.Use.SLOPE, b.n()),
                  scratch.take(worker, Scratch.Use.SHIFT, b.n()));
          float[] g = through(x, c, b, slopes, dy, dx, s);
          double[] sumsDy = scratch.doubles(worker, Scratch.Use.ABOUT, b.channels);
          ColumnSums columns = new ColumnSums(scratch, worker, b.n());
          double[] sums = columns.plain(g, b.at, b.pitch, b.rows);
          int first = b.part * s.channels() + b.channel;
          for (int i = 0; i < b.channels; i++) {
            sumsDy[i] = b.gather(sums, i);
            b.spread(c.mean()[first + i], i, slopes.about());
          }
          sums = columns.products(x, g, b.at, b.pitch, b.rows, slopes.about());
          for (int i = 0; i < b.channels; i++) {
            int channel = b.channel + i;
            double sumDyX = b.gather(sums, i);
            BatchNorms.add(dBeta, channel, b.part, sumsDy[i]);
            BatchNorms.add(dGamma, channel, b.part, sumDyX * c.invStd()[first + i]);
            Planes.Slope slope = BatchNorms.slope(c, channel, first + i, sumsDy[i], sumDyX, s);
            b.spread(slope.ofDy(), i, slopes.ofG());
            b.spread(slope.ofX(), i, slopes.ofX());
            b.spread(slope.constant(), i, slopes.constant());
          }
          COLUMNS.slopes(x, g, dx, b.at, b.pitch, b.rows, slopes, b.n());
        });
  }

  /** What the activation lets through of dy: put down where dx will be, or dy itself. */
  private static float[] through(
      float[] x,
      BatchNorms.Channels c,
      Block b,
      Columns.Slopes space,
      float[] dy,
      float[] dx,
      Backend.Norm s) {
    if (s.act() == Activation.IDENTITY) {
      return dy;
    }
    int first = b.part * s.channels() + b.channel;
    for (int i = 0; i < b.channels; i++) {
      b.spread(c.mean()[first + i], i, space.about());
      b.spread(c.gamma()[b.channel + i] * c.invStd()[first + i], i, space.ofG());
      b.spread(c.beta()[b.channel + i], i, space.constant());
    }
    Columns.Lines lines = new Columns.Lines(space.about(), space.ofG(), space.constant(), s.act());
    COLUMNS.through(x, dy, dx, b.at, b.pitch, b.rows, lines, b.n());
    return dx;
  }
}
