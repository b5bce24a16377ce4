package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * The gradient of a kernel: for every tap the product of a stage of pictures, shifted by the tap,
 * with output gradients, summed over pictures and positions. Gradients are packed position by
 * position as columns of a product, the stage is read as it is: its rows of A are the taps.
 *
 * <p>Pictures are cut into parts by the shape alone; each part has its own sum, and sums are added
 * in order of the parts. A kernel that is large is cut by input channels instead.
 */
final class Correlation implements Convolutions.KernelGradient {
  private static final Tiles TILES = Simd.TILES;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final Sums SUMS = Simd.SUMS;
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int COLS = TILES.cols();

  /** Floats of a stage and of packed gradients. */
  private static final int STAGE = 1 << 16;

  private static final int MOST = 4096;
  private static final int LEAST = 128;

  /** Parts of the work, for threads to share. */
  private static final int PARTS = 8;

  /** A kernel of more weights is cut by channels. */
  private static final int LARGE = 1 << 17;

  /** With fewer outputs per group a tile would be mostly empty: rows are multiplied instead. */
  private static final int FEW = 4;

  private final ConvShape shape;
  private final Line vertical;
  private final Line horizontal;
  private final int inputs;
  private final int outputs;
  private final int padded; // outputs, rounded up to whole tiles
  private final int ranges; // of input channels
  private final int perRange;
  private final int parts; // of pictures and rows
  private final int images; // of a chunk, and rows
  private final int rows;

  Correlation(ConvShape s) {
    ConvShape.Window w = s.window();
    shape = s;
    vertical = Line.forward(s.outH(), s.kh(), w.strideH(), w.dilationH(), w.top());
    horizontal = Line.forward(s.outW(), s.kw(), w.strideW(), w.dilationW(), w.left());
    inputs = s.channelsPerGroup();
    outputs = s.o() / s.groups();
    padded = (outputs + COLS - 1) / COLS * COLS;
    boolean large = (long) inputs * s.kh() * s.kw() * outputs >= LARGE;
    perRange = large ? (inputs + PARTS - 1) / PARTS : inputs;
    ranges = (inputs + perRange - 1) / perRange;
    long perRow = (long) perRange * horizontal.staged() * horizontal.phases().length;
    perRow *= vertical.phases().length;
    int cells = horizontal.staged(); // of one row of targets
    int most = Math.max(LEAST, Math.min(MOST, STAGE / padded));
    int high = (int) Math.max(1, Math.min(most / cells, STAGE / perRow - vertical.span()));
    if (high >= vertical.targets()) {
      rows = vertical.targets();
      int fit = (int) Math.min(most / (rows * cells), STAGE / (perRow * vertical.staged()));
      fit = Math.max(Math.min(fit, (s.n() + PARTS - 1) / PARTS), LEAST / (rows * cells));
      images = Sweep.even(s.n(), Math.max(1, fit));
    } else {
      rows = Sweep.even(vertical.targets(), high);
      images = 1;
    }
    int wanted = ranges > 1 ? 1 : Math.max(1, PARTS / s.groups());
    parts = Math.min(wanted, chunks());
  }

  private int bands() {
    return (vertical.targets() + rows - 1) / rows;
  }

  private int chunks() {
    return (shape.n() + images - 1) / images * bands();
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    int kernel = shape.kh() * shape.kw();
    int perSum = (perRange * kernel + 7) / 8 * 8 * padded; // of one range
    int perPart = shape.groups() * ranges * perSum;
    if (shape.n() == 0) {
      Arrays.fill(dw, 0);
      return;
    }
    float[] sums = scratch.take(0, Scratch.Use.PARTIAL, parts * perPart);
    workers.run(
        parts * shape.groups() * ranges,
        (task, worker) -> {
          int range = task % ranges;
          int group = task / ranges % shape.groups();
          int part = task / ranges / shape.groups();
          int sum = task * perSum;
          Arrays.fill(sums, sum, sum + perSum, 0);
          int planes = Math.min(perRange, inputs - range * perRange);
          Stage stage = new Stage(vertical, horizontal, images, rows, planes);
          int[] taps = Arrays.copyOf(stage.offsets(), (planes * kernel + 7) / 8 * 8);
          int last = chunks() * (part + 1) / parts;
          for (int chunk = chunks() * part / parts; chunk < last; chunk++) {
            Place at =
                new Place(
                    group,
                    range * perRange,
                    chunk / bands() * images,
                    chunk % bands() * rows,
                    stage,
                    taps);
            if (outputs < FEW) {
              multiplyRows(at, scratch, worker, x, dy, sums, sum);
            } else {
              correlate(at, scratch, worker, x, dy, sums, sum);
            }
          }
        });
    workers.run(
        shape.groups() * ranges,
        (i, worker) -> {
          int sum = i * perSum;
          for (int part = 1; part < parts; part++) {
            add(sums, sum + part * perPart, sums, sum, perSum);
          }
          int group = i / ranges;
          int channel = i % ranges * perRange;
          int taps = Math.min(perRange, inputs - channel) * kernel;
          for (int o = 0; o < outputs; o++) {
            int to = ((group * outputs + o) * inputs + channel) * kernel;
            column(sums, sum + o, padded, dw, to, taps);
          }
        });
  }

  private static void add(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += x[xo + i];
    }
  }

  private static void column(float[] x, int from, int pitch, float[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] = x[from + i * pitch];
    }
  }

  /** One chunk: some pictures, rows and input channels of one group. */
  private record Place(int group, int channel, int image, int row, Stage stage, int[] taps) {}

  private float[] stage(Place at, Scratch scratch, int worker, float[] x) {
    int slack = COLS + STRIPS.slack();
    float[] staged = scratch.take(worker, Scratch.Use.STAGE, at.stage.length(slack));
    int plane = shape.h() * shape.w();
    int first = at.image * shape.c() + at.group * inputs + at.channel;
    at.stage.fill(
        new Stage.Pictures(x, first * plane, shape.c() * plane, shape.h(), shape.w()),
        count(at),
        at.row,
        staged);
    return staged;
  }

  private int count(Place at) {
    return Math.min(images, shape.n() - at.image);
  }

  private int height(Place at) {
    return Math.min(rows, vertical.targets() - at.row);
  }

  /** Columns of a chunk, up to the last target. */
  private int columns(Place at) {
    return (height(at) - 1) * at.stage.pitch() + count(at) * at.stage.width();
  }

  private void correlate(
      Place at, Scratch scratch, int worker, float[] x, float[] dy, float[] sums, int sum) {
    float[] staged = stage(at, scratch, worker, x);
    int columns = columns(at);
    int k = at.stage.planes() * shape.kh() * shape.kw();
    int slack = TRANSPOSES.side() * COLS;
    float[] packed = scratch.take(worker, Scratch.Use.RIGHT, columns * COLS + slack);
    for (int o = 0; o < outputs; o += COLS) {
      pack(at, dy, o, packed);
      for (int t = 0; t < k; t += 8) {
        int h = Tiles.tapHeight(Math.min(8, k - t));
        int to = sum + t * padded + o;
        TILES.correlate(h, staged, 0, at.taps, t, packed, 0, columns, sums, to, padded);
      }
    }
  }

  /** packed[q·COLS + i] = gradient of output o + i at column q, 0 where q is no target. */
  private void pack(Place at, float[] dy, int o, float[] packed) {
    int width = shape.outW();
    int plane = shape.outH() * width;
    int there = Math.min(COLS, outputs - o);
    int columns = columns(at);
    for (int r = 0; r < height(at); r++) {
      int q = r * at.stage.pitch();
      for (int n = 0; n < count(at); n++) {
        int first = (at.image + n) * shape.o() + at.group * outputs + o;
        int from = first * plane + (at.row + r) * width;
        TRANSPOSES.turn(dy, from, plane, there, width, packed, q * COLS, COLS);
        Arrays.fill(packed, (q + width) * COLS, (q + at.stage.width()) * COLS, 0);
        q += at.stage.width();
      }
      int end = Math.min((r + 1) * at.stage.pitch(), columns); // pictures that are not there
      Arrays.fill(packed, q * COLS, Math.max(q, end) * COLS, 0);
    }
  }

  /** Few outputs: gradients laid out like the stage, and every tap a product of two rows. */
  private void multiplyRows(
      Place at, Scratch scratch, int worker, float[] x, float[] dy, float[] sums, int sum) {
    float[] staged = stage(at, scratch, worker, x);
    int columns = columns(at);
    float[] row = scratch.take(worker, Scratch.Use.STAGE2, columns + STRIPS.slack());
    int k = at.stage.planes() * shape.kh() * shape.kw();
    int width = shape.outW();
    for (int o = 0; o < outputs; o++) {
      Arrays.fill(row, 0, columns, 0);
      for (int n = 0; n < count(at); n++) {
        int plane = (at.image + n) * shape.o() + at.group * outputs + o;
        for (int r = 0; r < height(at); r++) {
          int from = (plane * shape.outH() + at.row + r) * width;
          int to = r * at.stage.pitch() + n * at.stage.width();
          System.arraycopy(dy, from, row, to, width);
        }
      }
      for (int t = 0; t < k; t++) {
        double product = SUMS.products(row, 0, staged, at.taps[t], columns, 0);
        sums[sum + t * padded + o] += (float) product;
      }
    }
  }
}
