package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * A depthwise convolution three taps wide, or its input gradient, computed at full width: with a
 * stride of two, forward picks every second cell of the sums, and backward spreads output gradients
 * to every second cell first. That costs less than sorting the taps by their remainders.
 */
final class ThreePass implements Convolutions.Pass {
  private static final Threes THREES = Simd.THREES;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final int LANES = THREES.lanes();

  /** Floats staged at once: they stay in the first cache. */
  private static final int STAGE = 1 << 12;

  /** Cells of the result that are worth a chunk. */
  private static final int GRAIN = 1 << 13;

  private final ConvShape shape;
  private final boolean backward;
  private final int width; // of the input: every row is computed as wide
  private final int rows; // of a band of targets
  private final int bands;
  private final int together; // planes staged before the first is summed
  private final int height; // staged rows
  private final int perPlane; // floats of a staged plane, with a margin for the outer taps
  private final int reach; // staged rows from one target row to the next
  private final int first; // source row that is staged first, of target row 0
  private final int[] taps; // rows of the kernel
  private final int[] offsets; // their cells in the stage, from a target's first staged row
  private final int targets; // rows of the result
  private final int step; // their distance in the result
  private final int start;
  private final boolean flat; // rows of a band are one run
  private final boolean fours; // or are done four at a time
  private final Threes.Sides sides;

  private ThreePass(ConvShape s, boolean backward, Line down) {
    ConvShape.Window w = s.window();
    shape = s;
    this.backward = backward;
    width = s.w();
    taps = down.taps();
    targets = down.targets();
    step = down.targetStep();
    start = down.targetStart();
    reach = backward ? 1 : w.strideH();
    first = -down.origin();
    int[] shifts = new int[taps.length];
    for (int k = 0; k < taps.length; k++) {
      shifts[k] = backward ? down.shift()[k] : k * w.dilationH();
    }
    int span = Arrays.stream(shifts).max().orElse(0);
    offsets = Arrays.stream(shifts).map(r -> r * width).toArray();
    rows = Sweep.even(targets, Math.max(1, (STAGE / width - span - 1) / reach + 1));
    bands = (targets + rows - 1) / rows;
    height = (rows - 1) * reach + span + 1;
    perPlane = height * width + 2 * LANES;
    together = Math.max(1, STAGE / perPlane);
    boolean plain = reach == 1 && step == 1 && (backward || w.strideW() == 1);
    fours = plain && width >= 2 * LANES && Arrays.equals(shifts, new int[] {0, 1, 2});
    flat = plain && !fours;
    sides = Threes.Sides.of(width, LANES);
  }

  /** Whether a convolution is one of these. */
  static boolean fits(ConvShape s) {
    ConvShape.Window w = s.window();
    boolean wide = w.strideW() == 1 && w.left() == 1 && s.outW() == s.w();
    boolean halved = w.strideW() == 2 && w.left() <= 1 && 2 * s.outW() - w.left() <= s.w();
    return s.c() == s.groups()
        && s.o() == s.groups()
        && s.kw() == 3
        && w.dilationW() == 1
        && (wide || halved);
  }

  static ThreePass forward(ConvShape s) {
    ConvShape.Window w = s.window();
    return new ThreePass(
        s, false, Line.forward(s.outH(), s.kh(), w.strideH(), w.dilationH(), w.top()));
  }

  static ThreePass[] backward(ConvShape s) {
    ConvShape.Window w = s.window();
    return Arrays.stream(Line.backward(s.h(), s.kh(), w.strideH(), w.dilationH(), w.top()))
        .map(down -> new ThreePass(s, true, down))
        .toArray(ThreePass[]::new);
  }

  @Override
  public int packedLength() {
    return shape.c() * taps.length * 3;
  }

  /** The weights as [channel, tap, 3]; backward each row is turned round. */
  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    int at = 0;
    for (int c = 0; c < shape.c(); c++) {
      for (int ky : taps) {
        int from = (c * shape.kh() + ky) * 3;
        packed[at++] = w[backward ? from + 2 : from];
        packed[at++] = w[from + 1];
        packed[at++] = w[backward ? from : from + 2];
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
    int items = shape.n() * shape.c() * bands;
    int grain = Math.max(together, GRAIN / (rows * width));
    workers.run(
        (items + grain - 1) / grain,
        (chunk, worker) -> {
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, together * perPlane + 2 * LANES);
          float[] sums = scratch.take(worker, Scratch.Use.TILE, rows * width + 2 * LANES);
          float[] picked = scratch.take(worker, Scratch.Use.STAGE2, rows * width + LANES);
          int end = Math.min(items, (chunk + 1) * grain);
          for (int from = chunk * grain; from < end; from += together) {
            int to = Math.min(end, from + together);
            for (int item = from; item < to; item++) {
              stage(x, item, stage, (item - from) * perPlane + LANES);
            }
            for (int item = from; item < to; item++) {
              int at = (item - from) * perPlane + LANES;
              sum(stage, at, item, packed, epilogue, sums, picked, y);
            }
          }
        });
  }

  private void stage(float[] x, int item, float[] to, int at) {
    int top = first + item % bands * rows * reach;
    if (backward) {
      fill(shape, true, x, item / bands * shape.outH() * shape.outW(), top, height, to, at);
    } else {
      fill(shape, false, x, item / bands * shape.h() * width, top, height, to, at);
    }
  }

  /**
   * Lays out rows of a plane as wide as the input, rows outside as zeros.
   *
   * @param gradient whether the plane is one of output gradients, spread where the stride is two
   */
  static void fill(
      ConvShape s,
      boolean gradient,
      float[] x,
      int plane,
      int top,
      int height,
      float[] to,
      int at) {
    int width = s.w();
    int rows = gradient ? s.outH() : s.h();
    int from = Math.min(height, Math.max(0, -top));
    int end = Math.max(from, Math.min(height, rows - top));
    Arrays.fill(to, at, at + from * width, 0);
    if (gradient && s.window().strideW() == 2) {
      int cols = s.outW();
      for (int r = from; r < end; r++) {
        int row = plane + (top + r) * cols;
        THREES.stuff(x, row, cols, 1 - s.window().left(), to, at + r * width, width);
      }
    } else {
      int n = (end - from) * width;
      System.arraycopy(x, plane + Math.max(0, top) * width, to, at + from * width, n);
    }
    Arrays.fill(to, at + end * width, at + height * width, 0);
  }

  private void sum(
      float[] stage,
      int at,
      int item,
      float[] weights,
      Sweep.Epilogue e,
      float[] sums,
      float[] picked,
      float[] y) {
    int plane = item / bands;
    int channel = plane % shape.c();
    int band = item % bands * rows;
    int count = Math.min(rows, targets - band);
    int wo = channel * taps.length * 3;
    float bias = e.bias() == null ? 0 : e.bias()[channel];
    int n = count * width;
    if (!backward && shape.window().strideW() == 2) {
      rows(stage, at, weights, wo, bias, sums, 0, width, count);
      int cols = shape.outW();
      int shift = 1 - shape.window().left();
      for (int r = 0; r < count; r++) {
        STRIPS.skip(sums, r * width + shift, 2, picked, r * cols, cols);
      }
      int to = (plane * shape.outH() + band) * cols;
      STRIPS.finish(picked, 0, 0, y, to, 1, count * cols, 0, e.residual(), e.act());
      return;
    }
    int to = (plane * (backward ? shape.h() : shape.outH()) + band * step + start) * width;
    if (e.residual() == null && (n >= LANES && flat || width >= LANES)) {
      rows(stage, at, weights, wo, bias, y, to, step * width, count);
      if (e.act() != Activation.IDENTITY) {
        STRIPS.finish(y, to, 0, y, to, 1, n, 0, null, e.act());
      }
      return;
    }
    rows(stage, at, weights, wo, bias, sums, 0, width, count);
    for (int r = 0; r < count; r++) {
      int row = to + r * step * width;
      if (e.residual() == null && e.act() == Activation.IDENTITY) {
        System.arraycopy(sums, r * width, y, row, width);
      } else {
        STRIPS.finish(sums, r * width, 0, y, row, 1, width, 0, e.residual(), e.act());
      }
    }
  }

  /** Sums the rows of a band: as one run, four at a time, or one by one. */
  private void rows(
      float[] stage,
      int at,
      float[] weights,
      int wo,
      float bias,
      float[] to,
      int start,
      int pitch,
      int count) {
    if (flat) {
      THREES.sum(stage, at, offsets, sides, weights, wo, bias, to, start, count * width);
      return;
    }
    int r = 0;
    for (; fours && r <= count - 4; r += 4) {
      THREES.four(stage, at + r * width, width, sides, weights, wo, bias, to, start + r * pitch);
    }
    for (; r < count; r++) {
      int from = at + r * reach * width;
      THREES.sum(stage, from, offsets, sides, weights, wo, bias, to, start + r * pitch, width);
    }
  }
}
