package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * The gradient of a kernel whose groups have one input channel each: every tap is the product of a
 * plane of output gradients, its rows as far apart as those of the input's plane laid out, with
 * that, see {@link Margins}. All pictures of a channel are summed by one task, in order; of few
 * channels, pictures are cut into parts, which are added in order.
 */
final class PlaneGradient implements Convolutions.KernelGradient {
  private static final Windows WINDOWS = Simd.WINDOWS;
  private static final Strips STRIPS = Simd.STRIPS;

  /** Chunks there should be, so that threads have something to share. */
  private static final int CHUNKS = 8;

  private final ConvShape shape;
  private final int outputs; // per channel
  private final int grain; // channels of a chunk
  private final int parts; // of the pictures' bands
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
    int cells = Math.max(1, s.n() * outputs * s.outH() * s.outW());
    grain = Math.max(1, PlanePass.GRAIN / cells);
    parts = grain > 1 || s.c() >= CHUNKS ? 1 : Math.max(1, Math.min(CHUNKS, s.n() * bands));
    margins = new Margins(vertical, horizontal, rows, s.w());
    taps = margins.offsets();
    together = Math.max(1, PlanePass.STAGE / margins.length());
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    int lanes = WINDOWS.lanes();
    int perSum = outputs * taps.length * lanes;
    float[] sums = scratch.take(0, Scratch.Use.PARTIAL, shape.c() * parts * perSum);
    int items = shape.n() * bands;
    workers.run(
        (shape.c() + grain - 1) / grain * parts,
        (chunk, worker) -> {
          int most = together * margins.length();
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, most);
          float[] wide = scratch.take(worker, Scratch.Use.STAGE2, rows * margins.pitch() + lanes);
          int part = chunk % parts;
          int first = chunk / parts * grain;
          for (int c = first; c < Math.min(shape.c(), first + grain); c++) {
            int at = (c * parts + part) * perSum;
            Arrays.fill(sums, at, at + perSum, 0);
            int from = items * part / parts;
            multiply(c, from, items * (part + 1) / parts, x, dy, stage, wide, sums, at);
          }
        });
    workers.range(shape.c(), grain, (from, to) -> combine(sums, from, to, dw));
  }

  /** The weights of channels {@code from} … {@code to} − 1: lanes and parts added up, in order. */
  private void combine(float[] sums, int from, int to, float[] dw) {
    int lanes = WINDOWS.lanes();
    int weights = outputs * taps.length;
    for (int i = from * weights; i < to * weights; i++) {
      int first = i / weights * parts * weights + i % weights;
      double sum = 0;
      for (int part = 0; part < parts; part++) {
        int at = (first + part * weights) * lanes;
        for (int lane = 0; lane < lanes; lane++) {
          sum += sums[at + lane];
        }
      }
      dw[i] = (float) sum;
    }
  }

  /** Adds the products of items {@code first} … {@code last} − 1 of a channel to its sums. */
  private void multiply(
      int c,
      int first,
      int last,
      float[] x,
      float[] dy,
      float[] stage,
      float[] wide,
      float[] sums,
      int sum) {
    int plane = shape.outH() * shape.outW();
    for (int from = first; from < last; from += together) {
      int to = Math.min(last, from + together);
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
          int place = sum + o * taps.length * WINDOWS.lanes();
          WINDOWS.products(stage, at, taps, wide, 0, margins.run(count), sums, place);
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
