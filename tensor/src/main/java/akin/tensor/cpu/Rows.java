package akin.tensor.cpu;

import java.util.Arrays;

/** Softmax along an axis, and the best elements of rows. */
final class Rows {
  private static final Sums SUMS = Simd.SUMS;
  private static final Curves CURVES = Simd.CURVES;

  /** Columns done together where the axis is not the last. */
  private static final int ACROSS = 256;

  /** From here on a row's exponentials are taken by themselves. */
  private static final int NARROW = 16;

  /** With more than this share of a row wanted, sorting all of it is quicker than a heap. */
  private static final int SORT_SHARE = 8;

  private final Workers workers;
  private final Scratch scratch;

  Rows(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void softmax(boolean log, float[] x, float[] y, int outer, int axis, int inner) {
    if (y.length == 0) {
      return;
    }
    if (inner == 1) {
      int grain = Math.max(1, Elements.GRAIN / 4 / axis);
      workers.run(
          Math.floorDiv(outer - 1, grain) + 1,
          (chunk, worker) -> {
            int from = chunk * grain;
            int to = Math.min(outer, from + grain);
            if (axis < NARROW) {
              float[] space = scratch.take(worker, Scratch.Use.STRIP, (to - from) * axis);
              narrowRows(log, x, y, from * axis, to * axis, axis, space);
            } else {
              for (int o = from; o < to; o++) {
                softmaxRow(log, x, y, o * axis, axis);
              }
            }
          });
      return;
    }
    int tiles = (inner + ACROSS - 1) / ACROSS;
    workers.run(
        outer * tiles,
        (i, worker) -> {
          int column = i % tiles * ACROSS;
          int n = Math.min(ACROSS, inner - column);
          softmaxColumns(log, x, y, i / tiles * axis * inner + column, axis, inner, n);
        });
  }

  /** Rows shorter than {@link #NARROW}: their exponentials are taken together. */
  private static void narrowRows(
      boolean log, float[] x, float[] y, int from, int to, int n, float[] e) {
    for (int at = from; at < to; at += n) {
      float max = SUMS.extreme(true, x, at, at + n);
      for (int i = at; i < at + n; i++) {
        y[i] = x[i] - max;
      }
    }
    CURVES.exp(y, from, 0, e, 0, to - from);
    for (int at = from; at < to; at += n) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += e[at - from + i];
      }
      if (log) {
        float shift = (float) StrictMath.log(sum);
        for (int i = at; i < at + n; i++) {
          y[i] -= shift;
        }
      } else {
        float factor = (float) (1 / sum);
        for (int i = 0; i < n; i++) {
          y[at + i] = e[at - from + i] * factor;
        }
      }
    }
  }

  private static void softmaxRow(boolean log, float[] x, float[] y, int at, int n) {
    float max = SUMS.extreme(true, x, at, at + n);
    CURVES.exp(x, at, max, y, at, n);
    double sum = SUMS.sum(y, at, at + n);
    if (log) {
      float shift = (float) StrictMath.log(sum);
      for (int i = at; i < at + n; i++) {
        y[i] = x[i] - max - shift;
      }
    } else {
      scale((float) (1 / sum), y, at, n);
    }
  }

  private static void scale(float factor, float[] y, int at, int n) {
    for (int i = at; i < at + n; i++) {
      y[i] *= factor;
    }
  }

  private static void softmaxColumns(
      boolean log, float[] x, float[] y, int at, int axis, int pitch, int n) {
    float[] max = Arrays.copyOfRange(x, at, at + n);
    for (int j = 1; j < axis; j++) {
      int row = at + j * pitch;
      for (int c = 0; c < n; c++) {
        max[c] = Math.max(max[c], x[row + c]);
      }
    }
    double[] sum = new double[n];
    for (int j = 0; j < axis; j++) {
      int row = at + j * pitch;
      for (int c = 0; c < n; c++) {
        y[row + c] = x[row + c] - max[c];
      }
      CURVES.exp(y, row, 0, y, row, n);
      for (int c = 0; c < n; c++) {
        sum[c] += y[row + c];
      }
    }
    float[] factor = new float[n];
    for (int c = 0; c < n; c++) {
      factor[c] = (float) (log ? StrictMath.log(sum[c]) : 1 / sum[c]);
    }
    for (int j = 0; j < axis; j++) {
      int row = at + j * pitch;
      for (int c = 0; c < n; c++) {
        y[row + c] = log ? x[row + c] - max[c] - factor[c] : y[row + c] * factor[c];
      }
    }
  }

  void softmaxGrad(boolean log, float[] y, float[] dy, float[] dx, int outer, int axis, int inner) {
    if (y.length == 0) {
      return;
    }
    if (inner == 1) {
      workers.range(
          outer,
          Math.max(1, Elements.GRAIN / 4 / axis),
          (from, to) -> {
            if (log) {
              CURVES.exp(y, from * axis, 0, dx, from * axis, (to - from) * axis);
            }
            for (int o = from; o < to; o++) {
              gradientRow(log, y, dy, dx, o * axis, axis);
            }
          });
      return;
    }
    int tiles = (inner + ACROSS - 1) / ACROSS;
    workers.run(
        outer * tiles,
        (i, worker) -> {
          int column = i % tiles * ACROSS;
          int n = Math.min(ACROSS, inner - column);
          gradientColumns(log, y, dy, dx, i / tiles * axis * inner + column, axis, inner, n);
        });
  }

  private static void gradientRow(boolean log, float[] y, float[] dy, float[] dx, int at, int n) {
    if (log) {
      float sum = (float) SUMS.sum(dy, at, at + n);
      for (int i = at; i < at + n; i++) { // dx holds e^y
        dx[i] = Math.fma(-sum, dx[i], dy[i]);
      }
    } else {
      float sum = (float) SUMS.products(dy, at, y, at, n, 0);
      for (int i = at; i < at + n; i++) {
        dx[i] = y[i] * (dy[i] - sum);
      }
    }
  }

  private static void gradientColumns(
      boolean log, float[] y, float[] dy, float[] dx, int at, int axis, int pitch, int n) {
    double[] sum = new double[n];
    for (int j = 0; j < axis; j++) {
      int row = at + j * pitch;
      for (int c = 0; c < n; c++) {
        sum[c] += log ? dy[row + c] : (double) dy[row + c] * y[row + c];
      }
    }
    for (int j = 0; j < axis; j++) {
      int row = at + j * pitch;
      if (log) {
        CURVES.exp(y, row, 0, dx, row, n);
        for (int c = 0; c < n; c++) {
          dx[row + c] = Math.fma(-(float) sum[c], dx[row + c], dy[row + c]);
        }
      } else {
        for (int c = 0; c < n; c++) {
          dx[row + c] = y[row + c] * (dy[row + c] - (float) sum[c]);
        }
      }
    }
  }

  /** index [rows,k]: the columns of the k largest or smallest of each row of x [rows,cols]. */
  void topK(float[] x, int rows, int cols, int k, boolean largest, int[] index) {
    if (rows == 0 || k == 0) {
      return;
    }
    workers.range(
        rows,
        Math.max(1, Elements.GRAIN / 4 / cols),
        (from, to) -> {
          long[] keys = new long[(long) k * SORT_SHARE > cols ? cols : 0];
          Best best = new Best(k);
          for (int r = from; r < to; r++) {
            long[] order = keys.length > 0 ? sort(x, r, keys, largest) : null;
            if (order == null) {
              order = select(x, r, cols, best, largest);
            }
            for (int i = 0; i < k; i++) {
              index[r * k + i] = Best.number(order[i]);
            }
          }
        });
  }

  private static long[] sort(float[] x, int row, long[] keys, boolean largest) {
    int start = row * keys.length;
    for (int c = 0; c < keys.length; c++) {
      keys[c] = Best.key(largest ? -x[start + c] : x[start + c], c);
    }
    Arrays.sort(keys);
    return keys;
  }

  private static long[] select(float[] x, int row, int cols, Best best, boolean largest) {
    best.clear();
    int start = row * cols;
    for (int c = 0; c < cols; c++) {
      best.offer(Best.key(largest ? -x[start + c] : x[start + c], c));
    }
    return best.sorted();
  }
}
