package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * The gradient of a kernel whose groups have one input channel each: every tap is the product of a
 * plane of output gradients, its rows as far apart as those of the input's plane laid out, with
 * that, see {@link Margins}. All pictures of a channel are summed by one task, in order.
 */
final class PlaneGradient implements Convolutions.KernelGradient {
  private static final Windows WINDOWS = Simd.WINDOWS;
  private static final Strips STRIPS = Simd.STRIPS;

  private final ConvShape shape;
  private final int outputs; // per channel
  private final int rows; // of a band
  private final int bands;
  private final int together; // planes staged before the first is multiplied
  private final Margins margins;
  private final int[] taps;

  PlaneGradient(ConvShape s) {
    ConvShape.Window w = s.window();
    Line vertical = Line.forward(s.outH(), s.kh(), w.strideH(), w.dilationH(), w.top());
    Line horizontal = Line.forward(s.outW(), s.kw(), w.strideW(), w.dilationW(), w.left());
    shape = s;
    outputs = s.o() / s.groups();
    int perRow = horizontal.phases().length * horizontal.staged() * vertical.phases().length;
    rows = Sweep.even(s.outH(), Math.max(1, PlanePass.STAGE / perRow - vertical.span()));
    bands = (s.outH() + rows - 1) / rows;
    margins = new Margins(vertical, horizontal, rows, s.w());
    taps = margins.offsets();
    together = Math.max(1, PlanePass.STAGE / margins.length());
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    int cells = Math.max(1, shape.n() * outputs * shape.outH() * shape.outW());
    int grain = Math.max(1, PlanePass.GRAIN / cells);
    int lanes = WINDOWS.lanes();
    workers.run(
        (shape.c() + grain - 1) / grain,
        (chunk, worker) -> {
          int most = together * margins.length();
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, most);
          float[] wide = scratch.take(worker, Scratch.Use.STAGE2, rows * margins.pitch() + lanes);
          float[] sums = scratch.take(worker, Scratch.Use.TILE, outputs * taps.length * lanes);
          int end = Math.min(shape.c(), (chunk + 1) * grain);
          for (int c = chunk * grain; c < end; c++) {
            Arrays.fill(sums, 0, outputs * taps.length * lanes, 0);
            multiply(c, x, dy, stage, wide, sums);
            for (int i = 0; i < outputs * taps.length; i++) {
              double sum = 0;
              for (int lane = 0; lane < lanes; lane++) {
                sum += sums[i * lanes + lane];
              }
              dw[c * outputs * taps.length + i] = (float) sum;
            }
          }
        });
  }

  private void multiply(int c, float[] x, float[] dy, float[] stage, float[] wide, float[] sums) {
    int plane = shape.outH() * shape.outW();
    int items = shape.n() * bands;
    for (int from = 0; from < items; from += together) {
      int to = Math.min(items, from + together);
      for (int item = from; item < to; item++) {
        int start = (item / bands * shape.c() + c) * shape.h() * shape.w();
        int at = (item - from) * margins.length();
        margins.fill(x, start, shape.h(), item % bands * rows, stage, at);
      }
      for (int item = from; item < to; item++) {
        int band = item % bands * rows;
        int count = Math.min(rows, shape.outH() - band);
        for (int o = 0; o < outputs; o++) {
          int output = (item / bands * shape.c() + c) * outputs + o;
          int at = (item - from) * margins.length();
          widen(dy, output * plane + band * shape.outW(), count, wide);
          int sum = o * taps.length * WINDOWS.lanes();
          WINDOWS.products(stage, at, taps, wide, 0, margins.run(count), sums, sum);
        }
      }
    }
  }

  /** Rows as far apart as those of the plane laid out, with zeros between. */
  private void widen(float[] dy, int from, int count, float[] wide) {
    int cols = shape.outW();
    int pitch = margins.pitch();
    for (int r = 0; r < count; r++) {
      STRIPS.copy(dy, from + r * cols, wide, r * pitch, cols);
      for (int i = r * pitch + cols; i < (r + 1) * pitch; i++) {
        wide[i] = 0;
      }
    }
  }
}
