package akin.tensor.cpu;

import akin.tensor.backend.Backend;
import java.util.Arrays;

/**
 * Batch normalisation of feature vectors x [outer,C], or of planes that are as short: sums run down
 * columns. A chunk is some channels, whose rows are read several times while they are in a cache.
 */
final class FeatureNorms {
  /** Columns of one chunk. */
  private static final int ACROSS = 128;

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
    int grain = Math.max(1, ACROSS / Math.max(1, inner));
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
          COLUMNS.lines(x, y, b.at, b.pitch, b.rows, about, scale, shift, b.n());
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
      BatchNorms.settle(c, b.channel + i, first + i, means[i], b.gather(squares, i), s);
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
          double[] sumsDy = scratch.doubles(worker, Scratch.Use.ABOUT, b.channels);
          ColumnSums columns = new ColumnSums(scratch, worker, b.n());
          double[] sums = columns.plain(dy, b.at, b.pitch, b.rows);
          int first = b.part * s.channels() + b.channel;
          for (int i = 0; i < b.channels; i++) {
            sumsDy[i] = b.gather(sums, i);
            b.spread(c.mean()[first + i], i, slopes.about());
          }
          sums = columns.products(x, dy, b.at, b.pitch, b.rows, slopes.about());
          for (int i = 0; i < b.channels; i++) {
            int channel = b.channel + i;
            double sumDyX = b.gather(sums, i);
            BatchNorms.add(dBeta, channel, b.part, sumsDy[i]);
            BatchNorms.add(dGamma, channel, b.part, sumDyX * c.invStd()[first + i]);
            BatchNorms.Slope slope = BatchNorms.slope(c, channel, first + i, sumsDy[i], sumDyX, s);
            b.spread(slope.ofDy(), i, slopes.ofG());
            b.spread(slope.ofX(), i, slopes.ofX());
            b.spread(slope.constant(), i, slopes.constant());
          }
          COLUMNS.slopes(x, dy, dx, b.at, b.pitch, b.rows, slopes, b.n());
        });
  }
}
