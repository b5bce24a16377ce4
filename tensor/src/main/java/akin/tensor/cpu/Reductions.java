package akin.tensor.cpu;

import akin.tensor.backend.Binary;
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

  /** Fewest rows of one chunk, where sums run down columns. */
  private static final int DOWN = 16;

  /** Columns of one chunk: their sums stay in the first cache. */
  private static final int ACROSS = 1024;

  /** Columns are not cut where there are so many chunks without. */
  private static final int CHUNKS = 8;

  private static final Sums SUMS = Simd.SUMS;
  private static final Binaries BINARIES = Simd.BINARIES;

  private final Workers workers;
  private final Scratch scratch;

  Reductions(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
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
    double[] partial = scratch.doubles(0, Scratch.Use.PARTIAL, outer * chunks);
    workers.run(
        outer * chunks,
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
    int rows =
        outer * tiles >= CHUNKS ? axis : Math.max(DOWN, AXIS_CHUNK / Math.min(inner, ACROSS));
    int chunks = (axis + rows - 1) / rows;
    double[] partial =
        scratch.doubles(0, Scratch.Use.PARTIAL, chunks == 1 ? 0 : outer * chunks * inner);
    workers.run(
        outer * chunks * tiles,
        (i, worker) -> {
          int column = i % tiles * ACROSS;
          int chunk = i / tiles % chunks;
          int o = i / tiles / chunks;
          int n = Math.min(ACROSS, inner - column);
          int first = chunk * rows;
          int last = Math.min(axis, first + rows);
          int at = (o * axis + first) * inner + column;
          double[] sums = new ColumnSums(scratch, worker, n).plain(x, at, inner, last - first);
          if (chunks == 1) {
            divide(sums, divisor, y, o * inner + column, n);
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

  private static void divide(double[] sums, double divisor, float[] y, int at, int n) {
    for (int c = 0; c < n; c++) {
      y[at + c] = (float) (sums[c] / divisor);
    }
  }

  private void extremeColumns(
      boolean largest, float[] x, float[] y, int outer, int axis, int inner) {
    int tiles = (inner + ACROSS - 1) / ACROSS;
    Binary extreme = largest ? Binary.MAX : Binary.MIN;
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
            BINARIES.value(extreme, y, to, x, from + j * inner, y, to, n);
          }
        });
  }
}
