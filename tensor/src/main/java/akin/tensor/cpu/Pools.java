package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import akin.tensor.backend.PoolShape;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Maximum and average over windows, plane by plane. */
final class Pools {
  private static final Halvings HALVINGS = Simd.HALVINGS;

  private final Workers workers;

  Pools(Workers workers) {
    this.workers = workers;
  }

  void forward(PoolShape s, float[] x, float[] y) {
    if (halving(s)) {
      planes(s, (from, to) -> halve(s, x, y, from, to));
    } else if (s.kind() == PoolShape.Kind.MAX) {
      eachPlane(s, plane -> windows(s, plane, (out, w) -> y[out] = max(x, w)));
    } else {
      eachPlane(s, plane -> windows(s, plane, (out, w) -> y[out] = average(x, w, s)));
    }
  }

  void gradient(PoolShape s, float[] x, float[] y, float[] dy, float[] dx) {
    if (halving(s)) {
      planes(s, (from, to) -> halveGradient(s, x, y, dy, dx, from, to));
      return;
    }
    boolean max = s.kind() == PoolShape.Kind.MAX;
    int size = s.h() * s.w();
    eachPlane(
        s,
        plane -> {
          Arrays.fill(dx, plane * size, (plane + 1) * size, 0);
          windows(
              s,
              plane,
              (out, w) -> {
                if (max) {
                  int first = first(x, w, y[out]);
                  if (first >= 0) {
                    dx[first] += dy[out];
                  }
                } else {
                  share(dx, w, dy[out] / s.divisor(w.i, w.j));
                }
              });
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
    int grain = Math.max(1, Elements.GRAIN / 4 / Math.max(1, s.h() * s.w()));
    workers.range(s.planes(), grain, range);
  }

  private void eachPlane(PoolShape s, IntConsumer plane) {
    planes(
        s,
        (from, to) -> {
          for (int p = from; p < to; p++) {
            plane.accept(p);
          }
        });
  }

  /** The cells of one window that lie inside the input. */
  private static final class Window {
    int i;
    int j;
    int plane; // where the plane begins
    int width;
    int top;
    int bottom;
    int left;
    int right;
    int rowStep;
    int colStep;
  }

  /** Work on one window. */
  private interface Visit {
    void at(int out, Window window);
  }

  private static void windows(PoolShape s, int plane, Visit visit) {
    Window w = new Window();
    w.plane = plane * s.h() * s.w();
    w.width = s.w();
    w.rowStep = s.adaptive() ? 1 : s.rowStep();
    w.colStep = s.adaptive() ? 1 : s.colStep();
    int out = plane * s.outH() * s.outW();
    for (int i = 0; i < s.outH(); i++) {
      w.i = i;
      w.top = inside(s.rowStart(i), w.rowStep);
      w.bottom = Math.min(s.rowEnd(i), s.h());
      for (int j = 0; j < s.outW(); j++) {
        w.j = j;
        w.left = inside(s.colStart(j), w.colStep);
        w.right = Math.min(s.colEnd(j), s.w());
        visit.at(out++, w);
      }
    }
  }

  /** The first of start, start + step, … that is not negative. */
  private static int inside(int start, int step) {
    return start >= 0 ? start : Math.floorMod(start, step);
  }

  private static float max(float[] x, Window w) {
    float best = Float.NEGATIVE_INFINITY;
    for (int r = w.top; r < w.bottom; r += w.rowStep) {
      int row = w.plane + r * w.width;
      for (int c = w.left; c < w.right; c += w.colStep) {
        best = Math.max(best, x[row + c]);
      }
    }
    return best;
  }

  private static float average(float[] x, Window w, PoolShape s) {
    double sum = 0;
    for (int r = w.top; r < w.bottom; r += w.rowStep) {
      int row = w.plane + r * w.width;
      for (int c = w.left; c < w.right; c += w.colStep) {
        sum += x[row + c];
      }
    }
    return (float) (sum / s.divisor(w.i, w.j));
  }

  /**
   * Where the window's first cell that holds its maximum lies; the first NaN if that is NaN; −1 if
   * the whole window lies in the padding.
   */
  private static int first(float[] x, Window w, float max) {
    for (int r = w.top; r < w.bottom; r += w.rowStep) {
      int row = w.plane + r * w.width;
      for (int c = w.left; c < w.right; c += w.colStep) {
        float v = x[row + c];
        if (v == max || v != v) {
          return row + c;
        }
      }
    }
    return -1;
  }

  private static void share(float[] dx, Window w, float each) {
    for (int r = w.top; r < w.bottom; r += w.rowStep) {
      int row = w.plane + r * w.width;
      for (int c = w.left; c < w.right; c += w.colStep) {
        dx[row + c] += each;
      }
    }
  }
}
