package akin.tensor.cpu;

import akin.tensor.backend.Binary;
import java.util.Arrays;

/** Lines along the middle of x [outer,axis,inner] made as long as 1. */
final class UnitLines {
  /** Columns of one chunk where lines run down. */
  private static final int ACROSS = 256;

  private static final Sums SUMS = Simd.SUMS;
  private static final Binaries BINARIES = Simd.BINARIES;

  private final Workers workers;
  private final Scratch scratch;

  UnitLines(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  void forward(float[] x, float[] y, float[] norm, int outer, int axis, int inner, float eps) {
    if (inner == 1) {
      rows(outer, axis, (row, at) -> norm[row] = scale(x, y, at, axis, eps));
      return;
    }
    columns(
        outer,
        axis,
        inner,
        (sums, about, at, line, n) -> {
          double[] squares = sums.squares(x, at, inner, axis, about);
          for (int c = 0; c < n; c++) {
            norm[line + c] = Math.max((float) Math.sqrt(squares[c]), eps);
          }
          for (int r = at; r < at + axis * inner; r += inner) {
            BINARIES.value(Binary.DIV, x, r, norm, line, y, r, n);
          }
        });
  }

  private static float scale(float[] x, float[] y, int at, int n, float eps) {
    float norm = Math.max((float) Math.sqrt(SUMS.squares(x, at, at + n, 0)), eps);
    for (int i = at; i < at + n; i++) {
      y[i] = x[i] / norm;
    }
    return norm;
  }

  void gradient(
      float[] y, float[] norm, float[] dy, float[] dx, int outer, int axis, int inner, float eps) {
    if (inner == 1) {
      rows(outer, axis, (row, at) -> remove(y, norm[row], dy, dx, at, axis, eps));
      return;
    }
    columns(
        outer,
        axis,
        inner,
        (sums, about, at, line, n) -> {
          double[] along = sums.products(y, dy, at, inner, axis, about);
          for (int c = 0; c < n; c++) { // what is taken away is done with: its place serves again
            about[c] = norm[line + c] > eps ? (float) along[c] : 0;
          }
          for (int r = at; r < at + axis * inner; r += inner) {
            BINARIES.value(Binary.MUL, y, r, about, 0, dx, r, n);
            BINARIES.value(Binary.SUB, dy, r, dx, r, dx, r, n);
            BINARIES.value(Binary.DIV, dx, r, norm, line, dx, r, n);
          }
        });
  }

  private static void remove(
      float[] y, float norm, float[] dy, float[] dx, int at, int n, float eps) {
    float lost = norm > eps ? (float) SUMS.products(dy, at, y, at, n, 0) : 0;
    for (int i = at; i < at + n; i++) {
      dx[i] = Math.fma(-lost, y[i], dy[i]) / norm;
    }
  }

  /** Work on one row that begins at an element. */
  private interface Row {
    void run(int row, int at);
  }

  private void rows(int outer, int axis, Row row) {
    workers.range(
        outer,
        Math.max(1, Elements.GRAIN / 2 / Math.max(1, axis)),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            row.run(r, r * axis);
          }
        });
  }

  /** Work on n neighbouring lines, from element {@code at} of x and number {@code line} on. */
  private interface Block {
    void run(ColumnSums sums, float[] zeros, int at, int line, int n);
  }

  private void columns(int outer, int axis, int inner, Block block) {
    int tiles = (inner + ACROSS - 1) / ACROSS;
    workers.run(
        outer * tiles,
        (i, worker) -> {
          int column = i % tiles * ACROSS;
          int o = i / tiles;
          int n = Math.min(ACROSS, inner - column);
          float[] zeros = scratch.take(worker, Scratch.Use.ABOUT, n);
          Arrays.fill(zeros, 0, n, 0);
          ColumnSums sums = new ColumnSums(scratch, worker, n);
          block.run(sums, zeros, o * axis * inner + column, o * inner + column, n);
        });
  }
}
