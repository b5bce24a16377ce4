package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * One pass of a convolution whose groups have one input channel each: from pictures to outputs, or
 * from output gradients back to those rows of the input gradient that have one remainder of the
 * stride. Plane by plane, without a product of matrices: see {@link Margins} and {@link Windows}.
 */
final class PlanePass implements Convolutions.Pass {
  private static final Windows WINDOWS = Simd.WINDOWS;
  private static final Strips STRIPS = Simd.STRIPS;

  /** Floats staged at once: they stay in the first cache. */
  static final int STAGE = 1 << 12;

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
  private final int widest; // cells of a row of all parts, with their margins
  private final boolean grid; // all 3×3 neighbours, which rows share

  /**
   * The targets of one remainder of the horizontal stride.
   *
   * @param start of its stages in those of a unit
   * @param weights start of its weights
   */
  private record Part(Line line, Margins plane, int[] taps, int start, int weights) {}

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
      perRow += line.phases().length * line.staged();
      cells += line.staged();
    }
    widest = cells;
    perRow *= sources * Math.max(1, vertical.phases().length);
    rows = Sweep.even(vertical.targets(), Math.max(1, STAGE / perRow - vertical.span()));
    bands = (vertical.targets() + rows - 1) / rows;
    parts = new Part[across.length];
    int start = 0;
    int weights = 0;
    for (int i = 0; i < parts.length; i++) {
      Margins plane = new Margins(vertical, across[i], rows, backward ? s.outW() : s.w());
      int[] offsets = plane.offsets();
      int[] taps = new int[sources * offsets.length];
      for (int t = 0; t < taps.length; t++) {
        taps[t] = t / offsets.length * plane.length() + offsets[t % offsets.length];
      }
      parts[i] = new Part(across[i], plane, taps, start, weights);
      start += sources * plane.length();
      weights += s.groups() * targets * taps.length;
    }
    perUnit = start;
    together = Math.max(1, STAGE / Math.max(1, perUnit));
    int p = parts[0].plane.pitch();
    int[] neighbours = {0, 1, 2, p, p + 1, p + 2, 2 * p, 2 * p + 1, 2 * p + 2};
    boolean wide = across[0].targets() >= WINDOWS.lanes() / 2;
    grid = dense && wide && Arrays.equals(parts[0].taps, neighbours);
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
  public long packedLength() {
    Part last = parts[parts.length - 1];
    return last.weights + (long) shape.groups() * targets * last.taps.length;
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
    int slack = 4 * WINDOWS.lanes();
    workers.run(
        (items + grain - 1) / grain,
        (chunk, worker) -> {
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, together * perUnit + slack);
          float[] sums = scratch.take(worker, Scratch.Use.TILE, 2 * (rows * widest + slack));
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
        int start = at + part.start + s * part.plane.length();
        part.plane.fill(x, plane, height, band, to, start);
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
        dense(stage, at, channel, weights, epilogue, count, sums, y, plane + band * width);
      } else {
        spread(stage, at, channel, weights, count, sums, y, plane, band);
      }
    }
  }

  /** Sums a band of neighbouring rows, which begins at {@code to} in the result. */
  private void dense(
      float[] stage,
      int at,
      int channel,
      float[] weights,
      Sweep.Epilogue e,
      int count,
      float[] sums,
      float[] y,
      int to) {
    Part part = parts[0];
    int weight = channel * part.taps.length;
    float bias = e.bias() == null ? 0 : e.bias()[channel];
    int pitch = part.plane.pitch();
    int width = part.line.targets();
    int r = grid ? count / 4 * 4 : 0;
    boolean direct = width >= WINDOWS.lanes() && e.residual() == null;
    if (r > 0 && direct) {
      WINDOWS.grid(stage, at, pitch, weights, weight, y, to, width, width, r, bias, e.act());
    } else if (r > 0) {
      Activation none = Activation.IDENTITY;
      WINDOWS.grid(stage, at, pitch, weights, weight, sums, 0, pitch, width, r, bias, none);
    }
    int row = r * pitch;
    if (r < count) {
      int n = part.plane.run(count - r);
      WINDOWS.sum(stage, at + row, part.taps, weights, weight, sums, row, n, bias);
    }
    if (direct) {
      int rest = count - r;
      STRIPS.finish(sums, row, pitch, y, to + r * width, rest, width, 0, null, e.act());
    } else if (width >= WINDOWS.lanes()) {
      STRIPS.finish(sums, 0, pitch, y, to, count, width, 0, e.residual(), e.act());
    } else { // as one row, since each alone is shorter than a vector
      int behind = rows * pitch + 2 * WINDOWS.lanes();
      STRIPS.compact(sums, 0, pitch, sums, behind, width, count);
      STRIPS.finish(sums, behind, 0, y, to, 1, count * width, 0, e.residual(), e.act());
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
      int n = part.plane.run(count);
      int weight = part.weights + channel * part.taps.length;
      WINDOWS.sum(stage, at + part.start, part.taps, weights, weight, sums, start, n, 0);
      starts[i] = start;
      start += count * part.plane.pitch();
    }
    for (int r = 0; r < count; r++) {
      int row = (band + r) * vertical.targetStep() + vertical.targetStart();
      int to = plane + row * shape.w();
      if (parts.length == 2) {
        int even = r * parts[0].plane.pitch();
        int odd = starts[1] + r * parts[1].plane.pitch();
        WINDOWS.weave(sums, even, sums, odd, y, to, shape.w());
      } else {
        for (int i = 0; i < parts.length; i++) {
          Line line = parts[i].line;
          int from = starts[i] + r * parts[i].plane.pitch();
          Sweep.spread(sums, from, y, to + line.targetStart(), line);
        }
      }
    }
  }
}
