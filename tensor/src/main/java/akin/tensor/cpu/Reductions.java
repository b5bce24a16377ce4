package akin.tensor.cpu;

import akin.tensor.backend.Reduction;
import java.util.Arrays;

/**
 * Sums, means and extremes along an axis of x [outer,axis,inner]. Sums are taken in float32 over
 * short blocks and in float64 over blocks, so errors stay at a few units in the last place of
 * Σ|terms|.
 */
final class Reductions {
  /** Elements along the axis of one chunk. */
  private static final int AXIS_CHUNK = 1 << 15;

  /** Rows that are summed in float32, where sums run down columns. */
  private static final int DOWN = 16;

  /** Columns of one chunk: their sums stay in the first cache. */
  private static final int ACROSS = 512;

  private static final Sums SUMS = Simd.SUMS;

  private final Workers workers;

  Reductions(Workers workers) {
    this.workers = workers;
  }

  void reduce(Reduction r, float[] x, float[] y, int outer, int axis, int inner) {
    if (y.length == 0) {
      return;
    }
    boolean sum = r == Reduction.SUM || r == Reduction.MEAN;
    if (sum && axis == 0) {
      Arrays.fill(y, r == Reduction.SUM ? 0 : Float.NaN);
    } else if (sum && inner == 1) {
      sumRows(x, y, outer, axis, r == Reduction.MEAN ? axis : 1);
    } else if (sum) {
      sumColumns(x, y, outer, axis, inner, r == Reduction.MEAN ? axis : 1);
    } else if (inner == 1) {
      int grain = Math.max(1, Elements.GRAIN / axis);
      workers.range(
          outer,
          grain,
          (from, to) -> {
            for (int o = from; o < to; o++) {
              y[o] = SUMS.extreme(r == Reduction.MAX, x, o * axis, o * axis + axis);
            }
          });
    } else {
      extremeColumns(r == Reduction.MAX, x, y, outer, axis, inner);
    }
  }

  private void sumRows(float[] x, float[] y, int outer, int axis, double divisor) {
    if (axis <= AXIS_CHUNK) {
      int grain = Math.max(1, Elements.GRAIN / axis);
      workers.range(
          outer,
          grain,
          (from, to) -> {
            for (int o = from; o < to; o++) {
              y[o] = (float) (SUMS.sum(x, o * axis, o * axis + axis) / divisor);
            }
          });
      return;
    }
    int chunks = (axis + AXIS_CHUNK - 1) / AXIS_CHUNK;
    double[] partial = new double[outer * chunks];
    workers.run(
        partial.length,
        (chunk, worker) -> {
          int start = chunk / chunks * axis;
          int from = start + chunk % chunks * AXIS_CHUNK;
          int to = Math.min(start + axis - AXIS_CHUNK, from) + AXIS_CHUNK;
          partial[chunk] = SUMS.sum(x, from, to);
        });
    for (int o = 0; o < outer; o++) {
      double total = 0;
      for (int i = 0; i < chunks; i++) {
        total += partial[o * chunks + i];
      }
      y[o] = (float) (total / divisor);
    }
  }

  private void sumColumns(float[] x, float[] y, int outer, int axis, int inner, double divisor) {
    int tiles = (inner + ACROSS - 1) / ACROSS;
    int rows = Math.max(DOWN, AXIS_CHUNK / Math.min(inner, ACROSS)); // along the axis, per chunk
    int chunks = (axis + rows - 1) / rows;
    double[] partial = new double[chunks == 1 ? 0 : outer * chunks * inner];
    workers.run(
        outer * chunks * tiles,
        (i, worker) -> {
          int column = i % tiles * ACROSS;
          int chunk = i / tiles % chunks;
          int o = i / tiles / chunks;
          int n = Math.min(ACROSS, inner - column);
          int first = chunk * rows;
          int last = Math.min(axis, first + rows);
          double[] sums = new double[n];
          columns(x, (o * axis + first) * inner + column, inner, last - first, sums);
          if (chunks == 1) {
            for (int c = 0; c < n; c++) {
              y[o * inner + column + c] = (float) (sums[c] / divisor);
            }
          } else {
            System.arraycopy(sums, 0, partial, (o * chunks + chunk) * inner + column, n);
          }
        });
    for (int i = 0; chunks > 1 && i < y.length; i++) {
      double total = 0;
      for (int chunk = 0; chunk < chunks; chunk++) {
        total += partial[(i / inner * chunks + chunk) * inner + i % inner];
      }
      y[i] = (float) (total / divisor);
    }
  }

  /** sums[c] += Σ x[at + r·pitch + c] over r &lt; rows. */
  static void columns(float[] x, int at, int pitch, int rows, double[] sums) {
    float[] block = new float[sums.length];
    for (int r = 0; r < rows; r += DOWN) {
      int end = Math.min(rows, r + DOWN);
      System.arraycopy(x, at + r * pitch, block, 0, block.length);
      for (int i = r + 1; i < end; i++) {
        add(x, at + i * pitch, block);
      }
      for (int c = 0; c < sums.length; c++) {
        sums[c] += block[c];
      }
    }
  }

  private static void add(float[] x, int at, float[] sum) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += x[at + c];
    }
  }

  private void extremeColumns(
      boolean largest, float[] x, float[] y, int outer, int axis, int inner) {
    int tiles = (inner + ACROSS - 1) / ACROSS;
    workers.run(
        outer * tiles,
        (i, worker) -> {
          int column = i % tiles * ACROSS;
          int o = i / tiles;
          int n = Math.min(ACROSS, inner - column);
          int from = o * axis * inner + column;
          int to = o * inner + column;
          System.arraycopy(x, from, y, to, n);
          for (int j = 1; j < axis; j++) {
            extreme(largest, x, from + j * inner, y, to, n);
          }
        });
  }

  private static void extreme(boolean largest, float[] x, int xo, float[] y, int yo, int n) {
    if (largest) {
      for (int c = 0; c < n; c++) {
        y[yo + c] = Math.max(y[yo + c], x[xo + c]);
      }
    } else {
      for (int c = 0; c < n; c++) {
        y[yo + c] = Math.min(y[yo + c], x[xo + c]);
      }
    }
  }
}
