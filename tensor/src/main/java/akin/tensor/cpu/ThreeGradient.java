package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * The kernel gradient of a depthwise convolution three taps wide: every tap is the product of a run
 * of output gradients, as wide as the input, with the input shifted by the tap. All pictures of a
 * channel are summed by one task, in order.
 */
final class ThreeGradient implements Convolutions.KernelGradient {
  private static final Threes THREES = Simd.THREES;
  private static final int LANES = THREES.lanes();

  /** Floats staged at once: they stay in the first cache. */
  private static final int STAGE = 1 << 12;

  /** Products of one tap that are worth a chunk. */
  private static final int GRAIN = 1 << 13;

  private final ConvShape shape;
  private final int rows; // of a band of output gradients
  private final int bands;
  private final int together; // planes staged before the first is multiplied
  private final int height; // staged rows
  private final int perPlane; // floats of a staged plane, with a margin for the outer taps
  private final int[] offsets; // of the taps' rows in the stage
  private final boolean flat; // rows of a band are one run
  private final Threes.Sides sides;

  ThreeGradient(ConvShape s) {
    ConvShape.Window w = s.window();
    shape = s;
    int span = (s.kh() - 1) * w.dilationH();
    rows = Sweep.even(s.outH(), Math.max(1, (STAGE / s.w() - span - 1) / w.strideH() + 1));
    bands = (s.outH() + rows - 1) / rows;
    height = (rows - 1) * w.strideH() + span + 1;
    perPlane = height * s.w() + 2 * LANES;
    together = Math.max(1, STAGE / perPlane);
    offsets = new int[s.kh()];
    Arrays.setAll(offsets, k -> k * w.dilationH() * s.w());
    flat = w.strideH() == 1;
    sides = Threes.Sides.of(s.w(), LANES);
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    int grain = Math.max(1, GRAIN / Math.max(1, shape.n() * shape.outH() * shape.w()));
    int taps = shape.kh() * 3;
    workers.run(
        (shape.c() + grain - 1) / grain,
        (chunk, worker) -> {
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, together * perPlane);
          float[] spread = scratch.take(worker, Scratch.Use.STAGE2, rows * shape.w() + 2 * LANES);
          float[] sums = scratch.take(worker, Scratch.Use.TILE, taps * LANES);
          int end = Math.min(shape.c(), (chunk + 1) * grain);
          for (int c = chunk * grain; c < end; c++) {
            Arrays.fill(sums, 0, taps * LANES, 0);
            multiply(c, x, dy, stage, spread, sums);
            for (int t = 0; t < taps; t++) {
              double sum = 0;
              for (int lane = 0; lane < LANES; lane++) {
                sum += sums[t * LANES + lane];
              }
              dw[c * taps + t] = (float) sum;
            }
          }
        });
  }

  private void multiply(int c, float[] x, float[] dy, float[] stage, float[] spread, float[] sums) {
    ConvShape.Window w = shape.window();
    int items = shape.n() * bands;
    for (int from = 0; from < items; from += together) {
      int to = Math.min(items, from + together);
      for (int item = from; item < to; item++) {
        int plane = (item / bands * shape.c() + c) * shape.h() * shape.w();
        int top = item % bands * rows * w.strideH() - w.top();
        int at = (item - from) * perPlane + LANES;
        ThreePass.fill(shape, false, x, plane, top, height, stage, at);
        int behind = at + height * shape.w();
        Arrays.fill(stage, behind, behind + LANES, 0);
      }
      for (int item = from; item < to; item++) {
        int band = item % bands * rows;
        int count = Math.min(rows, shape.outH() - band);
        int plane = (item / bands * shape.c() + c) * shape.outH() * shape.outW();
        int at = (item - from) * perPlane + LANES;
        int run = flat ? count * shape.w() : shape.w();
        float[] g = dy;
        int go = plane + band * shape.outW();
        if (w.strideW() == 2 || run < LANES) {
          ThreePass.fill(shape, true, dy, plane, band, count, spread, 0);
          g = spread;
          go = 0;
        }
        for (int r = 0; r < count * shape.w(); r += run) {
          int row = at + r * w.strideH();
          THREES.products(stage, row, offsets, sides, g, go + r, run, sums, 0);
        }
      }
    }
  }
}
