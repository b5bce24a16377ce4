package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * The gradient of a kernel with many channels: for every tap and some neighbouring channels and
 * outputs the product of {@link Cells} of pictures with cells of gradients, summed over the targets
 * of a block; rows of targets, of all pictures one after the other, are cut into blocks by the
 * shape alone, and blocks are added in order.
 */
final class CellGradient implements Convolutions.KernelGradient {
  private static final Tiles TILES = Simd.TILES;
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int COLS = TILES.cols();
  private static final int LANES = Simd.PATCHES.lanes();

  /** Floats of the cells of a block, and targets: a panel of gradients stays in the first cache. */
  private static final int STAGE = 1 << 19;

  private static final int TARGETS = 256;

  private final ConvShape shape;
  private final int inputs; // per group
  private final int outputs;
  private final Cells pictures;
  private final Cells gradients;
  private final int strips; // of inputs
  private final int panels; // of outputs
  private final int span; // rows of cells from the first tap to the last
  private final int rows; // of targets of a block
  private final int blocks;
  private final int taps;
  private final int pitch; // sums of a tap

  CellGradient(ConvShape s) {
    ConvShape.Window w = s.window();
    shape = s;
    inputs = s.channelsPerGroup();
    outputs = s.o() / s.groups();
    span = (s.kh() - 1) * w.dilationH();
    int across = (s.outW() - 1) * w.strideW() + (s.kw() - 1) * w.dilationW() + 1;
    pictures = new Cells(s.h(), s.w(), w.left(), across, false);
    gradients = new Cells(s.outH(), s.outW(), 0, s.outW(), false);
    strips = (inputs + LANES - 1) / LANES;
    panels = (outputs + COLS - 1) / COLS;
    long perRow = (long) strips * across * LANES * w.strideH() + (long) panels * s.outW() * COLS;
    int most = Math.min((int) (STAGE / perRow), TARGETS / Math.max(1, s.outW()));
    rows = Sweep.even(s.n() * s.outH(), most);
    blocks = (s.n() * s.outH() + rows - 1) / rows;
    taps = s.kh() * s.kw();
    pitch = panels * COLS + LANES; // an odd number of vectors, lest taps share cache sets
  }

  /** Some rows of targets; where the cells of each begin in a strip. */
  private record Block(int group, int row, int rows, int[] starts) {}

  /** Floats of a strip of a block. */
  private int perStrip() {
    int whole = Math.min(rows, (rows - 2) / shape.outH() + 2); // pictures a block may touch
    return pictures.length(rows * shape.window().strideH() + whole * (span + 1));
  }

  private int perPanel() {
    return gradients.length(rows) * COLS / LANES;
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    float[] in = scratch.take(0, Scratch.Use.STAGE, (long) strips * perStrip());
    float[] out = scratch.take(0, Scratch.Use.STAGE2, (long) panels * perPanel());
    int perSum = strips * LANES * taps * pitch;
    float[] sums = scratch.take(0, Scratch.Use.PARTIAL, perSum);
    if (blocks == 0) {
      Arrays.fill(dw, 0);
    }
    for (int group = 0; blocks > 0 && group < shape.groups(); group++) {
      int g = group;
      for (int block = 0; block < blocks; block++) {
        Block at = block(g, block);
        int[] cells = cells(at);
        boolean start = block == 0;
        workers.run(
            strips + panels,
            (i, worker) -> {
              if (i < strips) {
                fillPictures(at, i, x, in);
              } else {
                fillGradients(at, i - strips, scratch, worker, dy, out);
              }
            });
        workers.run(
            strips,
            (strip, worker) -> {
              int from = strip * LANES * taps * pitch;
              if (start) {
                Arrays.fill(sums, from, from + LANES * taps * pitch, 0);
              }
              multiply(at, strip, cells, in, out, sums, from);
            });
      }
      workers.run(
          (outputs + LANES - 1) / LANES,
          (i, worker) -> {
            int count = Math.min(LANES, outputs - i * LANES);
            int to = (g * outputs + i * LANES) * inputs * taps;
            int from = i * LANES;
            TRANSPOSES.turnExactly(sums, from, pitch, inputs * taps, count, dw, to, inputs * taps);
          });
    }
  }

  private Block block(int group, int number) {
    int row = number * rows;
    int count = Math.min(rows, shape.n() * shape.outH() - row);
    int[] starts = new int[count];
    int line = pictures.across() * LANES;
    int place = 0;
    for (int done = 0; done < count; ) {
      int some = Math.min(count - done, shape.outH() - (row + done) % shape.outH());
      for (int r = 0; r < some; r++) {
        starts[done + r] = place + r * shape.window().strideH() * line;
      }
      place += staged(some) * line;
      done += some;
    }
    return new Block(group, row, count, starts);
  }

  /** Rows of cells for some rows of targets of one picture. */
  private int staged(int targets) {
    return (targets - 1) * shape.window().strideH() + span + 1;
  }

  /** Where the first tap meets each target of a block. */
  private int[] cells(Block at) {
    int width = shape.outW();
    int[] cells = new int[at.rows * width];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = at.starts[i / width] + i % width * shape.window().strideW() * LANES;
    }
    return cells;
  }

  private void fillPictures(Block at, int strip, float[] x, float[] in) {
    int planes = Math.min(LANES, inputs - strip * LANES);
    for (int done = 0; done < at.rows; ) {
      int picture = (at.row + done) / shape.outH();
      int first = (at.row + done) % shape.outH();
      int some = Math.min(at.rows - done, shape.outH() - first);
      int channel = picture * shape.c() + at.group * inputs + strip * LANES;
      int start = channel * shape.h() * shape.w();
      int row = first * shape.window().strideH() - shape.window().top();
      int to = strip * perStrip() + at.starts[done];
      pictures.fill(x, start, planes, row, staged(some), in, to);
      done += some;
    }
  }

  /** Gradients of a panel of outputs as [target, COLS]. */
  private void fillGradients(
      Block at, int panel, Scratch scratch, int worker, float[] dy, float[] out) {
    int width = shape.outW();
    int plane = shape.outH() * width;
    int output = panel * COLS;
    int planes = Math.min(COLS, outputs - output);
    for (int done = 0; done < at.rows; ) {
      int picture = (at.row + done) / shape.outH();
      int first = (at.row + done) % shape.outH();
      int some = Math.min(at.rows - done, shape.outH() - first);
      int from = (picture * shape.o() + at.group * outputs + output) * plane + first * width;
      int to = panel * perPanel() + done * width * COLS;
      TRANSPOSES.turn(dy, from, plane, planes, some * width, out, to, COLS);
      done += some;
    }
  }

  private void multiply(
      Block at, int strip, int[] cells, float[] in, float[] out, float[] sums, int to) {
    int count = Math.min(LANES, inputs - strip * LANES);
    int h = Sweep.even(count, TILES.tallest());
    int line = pictures.across();
    for (int p = 0; p < panels; p++) {
      for (int t = 0; t < taps; t++) {
        int ky = t / shape.kw() * shape.window().dilationH();
        int kx = t % shape.kw() * shape.window().dilationW();
        int tap = strip * perStrip() + (ky * line + kx) * LANES;
        for (int c = 0; c < count; c += h) {
          TILES.cells(
              Math.min(h, count - c),
              1,
              in,
              tap + c,
              cells,
              0,
              out,
              p * perPanel(),
              cells.length,
              sums,
              to + (c * taps + t) * pitch + p * COLS,
              taps * pitch);
        }
      }
    }
  }
}
