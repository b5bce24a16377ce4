package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import akin.tensor.backend.PoolShape;
import java.util.Arrays;

/** Maximum and average over windows, plane by plane. */
final class Pools {
  private static final Halvings HALVINGS = Simd.HALVINGS;
  private static final Sums SUMS = Simd.SUMS;

  private final Workers workers;
  private final Scratch scratch;

  Pools(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void forward(PoolShape s, float[] x, float[] y) {
    if (halving(s)) {
      planes(s, (from, to) -> halve(s, x, y, from, to));
    } else if (s.kind() == PoolShape.Kind.MAX && !s.adaptive()) {
      Maxima maxima = new Maxima(s);
      int grain = grain(s);
      workers.run(
          (s.planes() + grain - 1) / grain,
          (chunk, worker) -> {
            int end = Math.min(s.planes(), (chunk + 1) * grain);
            maxima.planes(x, y, chunk * grain, end, scratch, worker);
          });
    } else if (whole(s)) {
      int cells = s.h() * s.w();
      planes(
          s,
          (from, to) -> {
            for (int plane = from; plane < to; plane++) {
              y[plane] = (float) (SUMS.sum(x, plane * cells, (plane + 1) * cells) / cells);
            }
          });
    } else {
      Frame frame = new Frame(s);
      boolean max = s.kind() == PoolShape.Kind.MAX;
      planes(
          s,
          (from, to) -> {
            for (int plane = from; plane < to; plane++) {
              if (max) {
                frame.maxima(x, y, plane);
              } else {
                frame.averages(x, y, plane);
              }
            }
          });
    }
  }

  void gradient(PoolShape s, float[] x, float[] y, float[] dy, float[] dx) {
    if (halving(s)) {
      planes(s, (from, to) -> halveGradient(s, x, y, dy, dx, from, to));
      return;
    }
    if (whole(s)) {
      int cells = s.h() * s.w();
      planes(
          s,
          (from, to) -> {
            for (int plane = from; plane < to; plane++) {
              float each = (float) (dy[plane] / (double) cells);
              Arrays.fill(dx, plane * cells, (plane + 1) * cells, each);
            }
          });
      return;
    }
    Frame frame = new Frame(s);
    boolean max = s.kind() == PoolShape.Kind.MAX;
    int size = s.h() * s.w();
    planes(
        s,
        (from, to) -> {
          Arrays.fill(dx, from * size, to * size, 0);
          for (int plane = from; plane < to; plane++) {
            if (max) {
              frame.route(x, y, dy, dx, plane);
            } else {
              frame.share(dy, dx, plane);
            }
          }
        });
  }

  private static void halve(PoolShape s, float[] x, float[] y, int from, int to) {
    int width = s.outW();
    int rows = s.outH();
    int end = to * rows * width;
    for (int r = from * rows; r < to * rows; r++) {
      int row = (r / rows * s.h() + r % rows * 2) * s.w();
      HALVINGS.max(x, row, s.w(), y, r * width, width, end - r * width);
    }
  }

  private static void halveGradient(
      PoolShape s, float[] x, float[] y, float[] dy, float[] dx, int from, int to) {
    int width = s.outW();
    int end = to * s.h() * s.w();
    for (int plane = from; plane < to; plane++) {
      int start = plane * s.h() * s.w();
      for (int i = 0; i < s.outH(); i++) {
        int row = start + 2 * i * s.w();
        int out = (plane * s.outH() + i) * width;
        HALVINGS.route(x, y, dy, dx, row, s.w(), out, width, end - row);
        if (s.w() % 2 == 1) { // the last column belongs to no window
          dx[row + s.w() - 1] = 0;
          dx[row + 2 * s.w() - 1] = 0;
        }
      }
      Arrays.fill(dx, start + 2 * s.outH() * s.w(), start + s.h() * s.w(), 0);
    }
  }

  /** Whether planes become their means. */
  private static boolean whole(PoolShape s) {
    return s.kind() == PoolShape.Kind.AVERAGE
        && s.adaptive()
        && s.outH() == 1
        && s.outW() == 1
        && s.h() * s.w() > 0;
  }

  private static boolean halving(PoolShape s) {
    return s.kind() == PoolShape.Kind.MAX
        && !s.adaptive()
        && s.kh() == 2
        && s.kw() == 2
        && s.window().equals(ConvShape.Window.of(2, 0))
        && s.outH() == s.h() / 2
        && s.outW() == s.w() / 2;
  }

  /** Whole planes, some in each chunk. */
  private void planes(PoolShape s, Workers.Range range) {
    workers.range(s.planes(), grain(s), range);
  }

  private static int grain(PoolShape s) {
    return Math.max(1, Elements.GRAIN / 4 / Math.max(1, s.h() * s.w()));
  }

  /** The cells of every window that lie inside a plane: the same for all planes. */
  private static final class Frame {
    private final int width;
    private final int cells;
    private final int[] top;
    private final int[] bottom;
    private final int[] left;
    private final int[] right;
    private final int rowStep;
    private final int colStep;
    private final double[] divisor;

    Frame(PoolShape s) {
      width = s.w();
      cells = s.h() * s.w();
      rowStep = s.adaptive() ? 1 : s.rowStep();
      colStep = s.adaptive() ? 1 : s.colStep();
      top = new int[s.outH()];
      bottom = new int[s.outH()];
      for (int i = 0; i < top.length; i++) {
        top[i] = inside(s.rowStart(i), rowStep);
        bottom[i] = Math.min(s.rowEnd(i), s.h());
      }
      left = new int[s.outW()];
      right = new int[s.outW()];
      for (int j = 0; j < left.length; j++) {
        left[j] = inside(s.colStart(j), colStep);
        right[j] = Math.min(s.colEnd(j), s.w());
      }
      divisor = new double[s.kind() == PoolShape.Kind.MAX ? 0 : top.length * left.length];
      for (int o = 0; o < divisor.length; o++) {
        divisor[o] = s.divisor(o / left.length, o % left.length);
      }
    }

    /** The first of start, start + step, … that is not negative. */
    private static int inside(int start, int step) {
      return start >= 0 ? start : Math.floorMod(start, step);
    }

    void maxima(float[] x, float[] y, int plane) {
      int start = plane * cells;
      int out = plane * top.length * left.length;
      for (int i = 0; i < top.length; i++) {
        for (int j = 0; j < left.length; j++) {
          float best = Float.NEGATIVE_INFINITY;
          for (int r = top[i]; r < bottom[i]; r += rowStep) {
            int row = start + r * width;
            for (int c = left[j]; c < right[j]; c += colStep) {
              best = Math.max(best, x[row + c]);
            }
          }
          y[out++] = best;
        }
      }
    }

    void averages(float[] x, float[] y, int plane) {
      int start = plane * cells;
      int out = plane * divisor.length;
      for (int i = 0; i < top.length; i++) {
        for (int j = 0; j < left.length; j++) {
          double sum = 0;
          for (int r = top[i]; r < bottom[i]; r += rowStep) {
            int row = start + r * width;
            for (int c = left[j]; c < right[j]; c += colStep) {
              sum += x[row + c];
            }
          }
          y[out++] = (float) (sum / divisor[i * left.length + j]);
        }
      }
    }

    void route(float[] x, float[] y, float[] dy, float[] dx, int plane) {
      int out = plane * top.length * left.length;
      for (int i = 0; i < top.length; i++) {
        for (int j = 0; j < left.length; j++) {
          int first = first(x, y[out], plane * cells, i, j);
          if (first >= 0) {
            dx[first] += dy[out];
          }
          out++;
        }
      }
    }

    /**
     * Where the window's first cell that holds its maximum lies; the first NaN if that is NaN; −1
     * if the whole window lies in the padding.
     */
    private int first(float[] x, float max, int start, int i, int j) {
      for (int r = top[i]; r < bottom[i]; r += rowStep) {
        int row = start + r * width;
        for (int c = left[j]; c < right[j]; c += colStep) {
          float v = x[row + c];
          if (v == max || v != v) {
            return row + c;
          }
        }
      }
      return -1;
    }

    void share(float[] dy, float[] dx, int plane) {
      int start = plane * cells;
      int out = plane * divisor.length;
      for (int i = 0; i < top.length; i++) {
        for (int j = 0; j < left.length; j++) {
          float each = (float) (dy[out++] / divisor[i * left.length + j]);
          for (int r = top[i]; r < bottom[i]; r += rowStep) {
            int row = start + r * width;
            for (int c = left[j]; c < right[j]; c += colStep) {
              dx[row + c] += each;
            }
          }
        }
      }
    }
  }
}
