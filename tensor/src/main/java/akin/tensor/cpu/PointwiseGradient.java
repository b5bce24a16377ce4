package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * The gradient of a kernel of one tap that visits every cell, where the kernel is small and
 * pictures are large: weight (o, c) is the dot product of two rows as they lie in memory, those of
 * output gradient o and of channel c. Pictures are cut into parts by the shape alone; each part has
 * its own sums, which are added in order of the parts.
 */
final class PointwiseGradient implements Convolutions.KernelGradient {
  private static final Dots DOTS = Simd.DOTS;

  /** Cells of a chunk: rows of a tile stay in the first cache. */
  private static final int CELLS = 1 << 10;

  /** Pictures of fewer cells are too short for sums along rows. */
  private static final int SHORT = 1 << 8;

  /** Kernels of more weights would need too many partial sums. */
  private static final int LARGE = 1 << 12;

  /** Parts of the work, for threads to share. */
  private static final int PARTS = 8;

  private final ConvShape shape;
  private final int outputs; // per group
  private final int inputs;
  private final int plane; // cells of a picture
  private final int cells; // of a chunk
  private final int perPicture; // chunks
  private final int perGroup; // floats of the sums of a group
  private final int parts;

  PointwiseGradient(ConvShape s) {
    shape = s;
    outputs = s.o() / s.groups();
    inputs = s.channelsPerGroup();
    plane = s.h() * s.w();
    cells = Sweep.even(plane, CELLS);
    perPicture = (plane + cells - 1) / cells;
    int tiles = across() * ((outputs + DOTS.rows() - 1) / DOTS.rows());
    perGroup = tiles * DOTS.rows() * DOTS.cols() * DOTS.lanes();
    parts = Math.max(1, Math.min(PARTS, s.n() * perPicture));
  }

  /** Whether a convolution is one of these. */
  static boolean fits(ConvShape s) {
    return Pointwise.fits(s)
        && s.h() * s.w() >= SHORT
        && s.o() / s.groups() * s.channelsPerGroup() <= LARGE;
  }

  private int across() {
    return (inputs + DOTS.cols() - 1) / DOTS.cols();
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    int perPart = shape.groups() * perGroup;
    float[] sums = scratch.take(0, Scratch.Use.PARTIAL, parts * perPart);
    int chunks = shape.n() * perPicture;
    workers.run(
        parts * shape.groups(),
        (task, worker) -> {
          int sum = task * perGroup;
          Arrays.fill(sums, sum, sum + perGroup, 0);
          int part = task / shape.groups();
          int last = chunks * (part + 1) / parts;
          for (int chunk = chunks * part / parts; chunk < last; chunk++) {
            multiply(chunk, task % shape.groups(), x, dy, sums, sum);
          }
        });
    workers.run(
        shape.groups(),
        (group, worker) -> {
          for (int o = 0; o < outputs; o++) {
            for (int c = 0; c < inputs; c++) {
              int to = (group * outputs + o) * inputs + c;
              dw[to] = (float) total(sums, group * perGroup + place(o, c), perPart);
            }
          }
        });
  }

  /** Where the sums of a weight lie among those of its group. */
  private int place(int o, int c) {
    int tile = o / DOTS.rows() * across() + c / DOTS.cols();
    int inside = o % DOTS.rows() * DOTS.cols() + c % DOTS.cols();
    return (tile * DOTS.rows() * DOTS.cols() + inside) * DOTS.lanes();
  }

  private double total(float[] sums, int at, int perPart) {
    double total = 0;
    for (int part = 0; part < parts; part++) {
      for (int lane = 0; lane < DOTS.lanes(); lane++) {
        total += sums[at + part * perPart + lane];
      }
    }
    return total;
  }

  private void multiply(int chunk, int group, float[] x, float[] dy, float[] sums, int sum) {
    int image = chunk / perPicture;
    int cell = chunk % perPicture * cells;
    int n = Math.min(cells, plane - cell);
    int firstO = (image * shape.groups() + group) * outputs;
    int firstC = (image * shape.groups() + group) * inputs;
    for (int o = 0; o < outputs; o += DOTS.rows()) {
      int m = Math.min(DOTS.rows(), outputs - o);
      int a = (firstO + o) * plane + cell;
      for (int c = 0; c < inputs; c += DOTS.cols()) {
        int l = Math.min(DOTS.cols(), inputs - c);
        int b = (firstC + c) * plane + cell;
        DOTS.tile(dy, a, m, x, b, l, plane, n, sums, sum + place(o, c));
      }
    }
  }
}
