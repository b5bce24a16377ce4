package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * One pass of a convolution whose groups have one input channel each: from pictures to outputs, or
 * from output gradients back to those rows of the input gradient that have one remainder of the
 * stride. Plane by plane, without a product of matrices: see {@link Shifts} and {@link Windows}.
 */
final class PlanePass implements Convolutions.Pass {
  private static final Windows WINDOWS = Simd.WINDOWS;
  private static final Strips STRIPS = Simd.STRIPS;

  /** Floats staged at once: they stay in the first cache. */
  static final int STAGE = 1 << 13;

  /** Cells of the result that are worth a chunk. */
  static final int GRAIN = 1 << 13;

  private final ConvShape shape;
  private final boolean backward;
  private final Line vertical;
  private final int sources; // planes that one target plane sums
  private final int targets; // planes that see one source plane
  private final boolean dense; // targets are neighbours in the result
  private final int rows; // of a band
  private final int bands;
  private final int together; // planes staged before the first is summed
  private final Part[] parts;
  private final int perUnit; // floats of the stages of one group of one picture
  private final int widest; // cells of a row of all parts

  /**
   * The targets of one remainder of the horizontal stride.
   *
   * @param start of its stages in those of a unit
   * @param weights start of its weights
   */
  private record Part(Line line, Shifts shifts, int[] taps, int start, int weights) {}

  private PlanePass(ConvShape s, boolean backward, Line vertical, Line[] across) {
    shape = s;
    this.backward = backward;
    this.vertical = vertical;
    int multiplier = s.o() / s.groups();
    sources = backward ? multiplier : 1;
    targets = backward ? 1 : multiplier;
    dense = vertical.targetStep() == 1 && across[0].targetStep() == 1;
    int perRow = 1;
    int cells = 0;
    for (Line line : across) {
      perRow += line.taps().length * line.targets();
      cells += line.targets();
    }
    widest = cells;
    perRow *= sources * Math.max(1, vertical.phases().length);
    rows = Sweep.even(vertical.targets(), Math.max(1, STAGE / perRow - vertical.span()));
    bands = (vertical.targets() + rows - 1) / rows;
    parts = new Part[across.length];
    int start = 0;
    int weights = 0;
    for (int i = 0; i < parts.length; i++) {
      Shifts shifts = new Shifts(vertical, across[i], rows);
      int[] offsets = shifts.offsets();
      int[] taps = new int[sources * offsets.length];
      for (int t = 0; t < taps.length; t++) {
        taps[t] = t / offsets.length * shifts.length() + offsets[t % offsets.length];
      }
      parts[i] = new Part(across[i], shifts, taps, start, weights);
      start += sources * shifts.length();
      weights += s.groups() * targets * taps.length;
    }
    perUnit = start;
    together = Math.max(1, STAGE / Math.max(1, perUnit));
  }

  static PlanePass forward(ConvShape s) {
    ConvShape.Window w = s.window();
    return new PlanePass(
        s,
        false,
        Line.forward(s.outH(), s.kh(), w.strideH(), w.dilationH(), w.top()),
        new Line[] {Line.forward(s.outW(), s.kw(), w.strideW(), w.dilationW(), w.left())});
  }

  static PlanePass[] backward(ConvShape s) {
    ConvShape.Window w = s.window();
    Line[] across = Line.backward(s.w(), s.kw(), w.strideW(), w.dilationW(), w.left());
    return Arrays.stream(Line.backward(s.h(), s.kh(), w.strideH(), w.dilationH(), w.top()))
        .map(down -> new PlanePass(s, true, down, across))
        .toArray(PlanePass[]::new);
  }

  @Override
  public int packedLength() {
    Part last = parts[parts.length - 1];
    return last.weights + shape.groups() * targets * last.taps.length;
  }

  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    for (Part part : parts) {
      pack(w, part, packed);
    }
  }

  /** The taps of a part, as [group, target, source, row, column]. */
  private void pack(float[] w, Part part, float[] to) {
    int at = part.weights;
    int planes = shape.groups() * targets * sources;
    for (int plane = 0; plane < planes; plane++) {
      for (int ky : vertical.taps()) {
        for (int kx : part.line.taps()) {
          to[at++] = w[(plane * shape.kh() + ky) * shape.kw() + kx];
        }
      }
    }
  }

  @Override
  public void run(
      Workers workers,
      Scratch scratch,
      float[] x,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int items = shape.n() * shape.groups() * bands;
    int cells = Math.max(1, rows * widest * targets);
    int grain = Math.max(together, GRAIN / cells);
    workers.run(
        (items + grain - 1) / grain,
        (chunk, worker) -> {
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, together * perUnit);
          float[] sums = scratch.take(worker, Scratch.Use.TILE, rows * widest);
          int end = Math.min(items, (chunk + 1) * grain);
          for (int from = chunk * grain; from < end; from += together) {
            int to = Math.min(end, from + together);
            for (int item = from; item < to; item++) {
              stage(x, item, stage, (item - from) * perUnit);
            }
            for (int item = from; item < to; item++) {
              sum(stage, (item - from) * perUnit, item, packed, epilogue, sums, y);
            }
          }
        });
  }

  private void stage(float[] x, int item, float[] to, int at) {
    int height = backward ? shape.outH() : shape.h();
    int width = backward ? shape.outW() : shape.w();
    int unit = item / bands;
    int band = item % bands * rows;
    for (Part part : parts) {
      for (int s = 0; s < sources; s++) {
        int plane = (unit * sources + s) * height * width;
        int start = at + part.start + s * part.shifts.length();
        part.shifts.fill(x, plane, height, width, band, to, start);
      }
    }
  }

  private void sum(
      float[] stage,
      int at,
      int item,
      float[] weights,
      Sweep.Epilogue epilogue,
      float[] sums,
      float[] y) {
    int height = backward ? shape.h() : shape.outH();
    int width = backward ? shape.w() : shape.outW();
    int unit = item / bands;
    int band = item % bands * rows;
    int count = Math.min(rows, vertical.targets() - band);
    for (int t = 0; t < targets; t++) {
      int plane = (unit * targets + t) * height * width;
      int channel = unit % shape.groups() * targets + t;
      if (dense) {
        float bias = epilogue.bias() == null ? 0 : epilogue.bias()[channel];
        int[] taps = parts[0].taps;
        int to = plane + band * width;
        int n = count * width;
        int weight = channel * taps.length;
        if (epilogue.residual() == null) {
          WINDOWS.sum(stage, at, taps, weights, weight, y, to, n, bias);
          if (epilogue.act() != Activation.IDENTITY) {
            STRIPS.finish(y, to, 0, y, to, 1, n, 0, null, epilogue.act());
          }
        } else {
          WINDOWS.sum(stage, at, taps, weights, weight, sums, 0, n, bias);
          STRIPS.finish(sums, 0, 0, y, to, 1, n, 0, epilogue.residual(), epilogue.act());
        }
      } else {
        spread(stage, at, channel, weights, count, sums, y, plane, band);
      }
    }
  }

  /** Sums the parts of a band and puts their cells where they belong. */
  private void spread(
      float[] stage,
      int at,
      int channel,
      float[] weights,
      int count,
      float[] sums,
      float[] y,
      int plane,
      int band) {
    int[] starts = new int[parts.length];
    int start = 0;
    for (int i = 0; i < parts.length; i++) {
      Part part = parts[i];
      int n = count * part.line.targets();
      int weight = part.weights + channel * part.taps.length;
      WINDOWS.sum(stage, at + part.start, part.taps, weights, weight, sums, start, n, 0);
      starts[i] = start;
      start += n;
    }
    for (int r = 0; r < count; r++) {
      int row = (band + r) * vertical.targetStep() + vertical.targetStart();
      int to = plane + row * shape.w();
      if (parts.length == 2) {
        int even = r * parts[0].line.targets();
        int odd = starts[1] + r * parts[1].line.targets();
        WINDOWS.weave(sums, even, sums, odd, y, to, shape.w());
      } else {
        for (int i = 0; i < parts.length; i++) {
          Line line = parts[i].line;
          Sweep.spread(sums, starts[i] + r * line.targets(), y, to + line.targetStart(), line);
        }
      }
    }
  }
}
