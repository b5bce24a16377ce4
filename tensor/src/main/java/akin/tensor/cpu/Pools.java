package akin.tensor.cpu;

import akin.tensor.backend.PoolShape;
import java.util.Arrays;

/** Maximum and average over windows, plane by plane. */
final class Pools {
  private final Workers workers;

  Pools(Workers workers) {
    this.workers = workers;
  }

  void forward(PoolShape s, float[] x, float[] y) {
    boolean max = s.kind() == PoolShape.Kind.MAX;
    boolean plain = !max || unpadded2x2(s);
    planes(
        s,
        plane -> {
          if (max && plain) {
            max2x2(s, x, y, plane);
          } else {
            windows(s, plane, (out, w) -> y[out] = max ? max(x, w) : average(x, w, s));
          }
        });
  }

  void gradient(PoolShape s, float[] x, float[] y, float[] dy, float[] dx) {
    boolean max = s.kind() == PoolShape.Kind.MAX;
    int size = s.h() * s.w();
    planes(
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

  private static boolean unpadded2x2(PoolShape s) {
    return !s.adaptive()
        && s.kh() == 2
        && s.kw() == 2
        && s.window().equals(akin.tensor.backend.ConvShape.Window.of(2, 0))
        && s.outH() == s.h() / 2
        && s.outW() == s.w() / 2;
  }

  private void planes(PoolShape s, java.util.function.IntConsumer plane) {
    int grain = Math.max(1, Elements.GRAIN / 4 / Math.max(1, s.h() * s.w()));
    workers.range(
        s.planes(),
        grain,
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

  private static void max2x2(PoolShape s, float[] x, float[] y, int plane) {
    int out = plane * s.outH() * s.outW();
    for (int i = 0; i < s.outH(); i++) {
      int row = (plane * s.h() + 2 * i) * s.w();
      int next = row + s.w();
      for (int j = 0; j < s.outW(); j++) {
        y[out++] =
            Math.max(
                Math.max(x[row + 2 * j], x[row + 2 * j + 1]),
                Math.max(x[next + 2 * j], x[next + 2 * j + 1]));
      }
    }
  }
}
