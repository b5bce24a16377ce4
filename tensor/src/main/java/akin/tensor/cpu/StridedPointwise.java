package akin.tensor.cpu;

import akin.tensor.Shape;
import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * A convolution with a kernel of one tap and a stride: the cells that it meets are picked first,
 * or, backward, spread last; between, it is one without a stride.
 */
final class StridedPointwise {
  private static final Strips STRIPS = Simd.STRIPS;

  private final ConvShape shape;
  private final ConvShape picked; // the same convolution of the picked cells

  StridedPointwise(ConvShape s) {
    shape = s;
    Shape cells = Shape.of(s.n(), s.c(), s.outH(), s.outW());
    picked = ConvShape.of(cells, s.kernel(), ConvShape.Window.plain(), s.groups());
  }

  /** Whether a convolution is one of these. */
  static boolean fits(ConvShape s) {
    return s.kh() == 1 && s.kw() == 1 && Pointwise.unpadded(s);
  }

  /** The convolution of the picked cells. */
  ConvShape picked() {
    return picked;
  }

  Convolutions.Pass forward(Convolutions.Pass dense) {
    return new Around(dense) {
      @Override
      public void run(
          Workers workers,
          Scratch scratch,
          float[] x,
          float[] packed,
          Sweep.Epilogue epilogue,
          float[] y) {
        dense.run(workers, scratch, pick(workers, scratch, x), packed, epilogue, y);
      }
    };
  }

  Convolutions.Pass backward(Convolutions.Pass dense) {
    return new Around(dense) {
      @Override
      public void run(
          Workers workers,
          Scratch scratch,
          float[] dy,
          float[] packed,
          Sweep.Epilogue epilogue,
          float[] dx) {
        float[] cells = cells(scratch);
        dense.run(workers, scratch, dy, packed, epilogue, cells);
        spread(workers, cells, dx);
      }
    };
  }

  /** A pass with another inside, whose kernel it takes. */
  private abstract static class Around implements Convolutions.Pass {
    private final Convolutions.Pass dense;

    Around(Convolutions.Pass dense) {
      this.dense = dense;
    }

    @Override
    public long packedLength() {
      return dense.packedLength();
    }

    @Override
    public void pack(Workers workers, float[] w, float[] packed) {
      dense.pack(workers, w, packed);
    }
  }

  Convolutions.KernelGradient gradient(Convolutions.KernelGradient dense) {
    return (workers, scratch, x, dy, dw) ->
        dense.run(workers, scratch, pick(workers, scratch, x), dy, dw);
  }

  private float[] cells(Scratch scratch) {
    return scratch.take(0, Scratch.Use.PICKED, Math.toIntExact(picked.input().count()));
  }

  private float[] pick(Workers workers, Scratch scratch, float[] x) {
    float[] cells = cells(scratch);
    int rows = shape.outH();
    int cols = shape.outW();
    int stepH = shape.window().strideH();
    int stepW = shape.window().strideW();
    int grain = Math.max(1, Elements.GRAIN / (rows * cols));
    int planes = shape.n() * shape.c();
    workers.run(
        (planes + grain - 1) / grain,
        (chunk, worker) -> {
          // a row is picked in whole vectors, which spoil what another thread may have written
          float[] plane = scratch.take(worker, Scratch.Use.TILE, rows * cols + STRIPS.slack());
          int end = Math.min(planes, (chunk + 1) * grain);
          for (int p = chunk * grain; p < end; p++) {
            for (int r = 0; r < rows; r++) {
              int from = (p * shape.h() + r * stepH) * shape.w();
              if (stepW == 1) {
                STRIPS.copy(x, from, plane, r * cols, cols);
              } else {
                STRIPS.skip(x, from, stepW, plane, r * cols, cols);
              }
            }
            System.arraycopy(plane, 0, cells, p * rows * cols, rows * cols);
          }
        });
    return cells;
  }

  private void spread(Workers workers, float[] cells, float[] dx) {
    int rows = shape.outH();
    int cols = shape.outW();
    int plane = shape.h() * shape.w();
    int stepW = shape.window().strideW();
    workers.range(
        shape.n() * shape.c(),
        Math.max(1, Elements.GRAIN / plane),
        (from, to) -> {
          Arrays.fill(dx, from * plane, to * plane, 0);
          for (int p = from; p < to; p++) {
            for (int r = 0; r < rows; r++) {
              int row = p * plane + r * shape.window().strideH() * shape.w();
              put(cells, (p * rows + r) * cols, dx, row, stepW, cols);
            }
          }
        });
  }

  private static void put(float[] x, int from, float[] y, int to, int step, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i * step] = x[from + i];
    }
  }
}
