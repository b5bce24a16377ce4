package akin.cuda.sim;

import akin.cuda.device.Dnn.Conv;
import akin.cuda.sim.PlainProduct.Matrix;

/**
 * Convolution and its gradients as products of matrices, picture by picture and group by group: the
 * cells that each output sees stand in a column, [C/groups·KH·KW, OH·OW].
 */
final class PlainConvolution {
  private final Conv s;
  private final int channels;
  private final int outputs;
  private final int taps;
  private final int cells;
  private final int positions;

  PlainConvolution(Conv s) {
    this.s = s;
    channels = s.c() / s.groups();
    outputs = s.o() / s.groups();
    taps = channels * s.kernelH() * s.kernelW();
    cells = s.h() * s.w();
    positions = s.outH() * s.outW();
  }

  double[] forward(double[] x, double[] w) {
    double[] y = new double[s.n() * s.o() * positions];
    for (int part = 0; part < s.n() * s.groups(); part++) {
      double[] columns = new double[taps * positions];
      eachRun(part, (cell, at, step, n) -> gather(x, cell, step, columns, at, n));
      PlainProduct.add(
          outputs, positions, taps, kernels(w, part), columns, 0, y, part * outputs * positions);
    }
    return y;
  }

  double[] gradInput(double[] dy, double[] w) {
    double[] dx = new double[s.n() * s.c() * cells];
    for (int part = 0; part < s.n() * s.groups(); part++) {
      double[] columns = new double[taps * positions];
      Matrix w2 = new Matrix(w, kernels(w, part).start(), 1, taps);
      PlainProduct.add(taps, positions, outputs, w2, dy, part * outputs * positions, columns, 0);
      eachRun(part, (cell, at, step, n) -> scatter(columns, at, dx, cell, step, n));
    }
    return dx;
  }

  double[] gradWeight(double[] x, double[] dy) {
    double[] dw = new double[s.o() * taps];
    for (int part = 0; part < s.n() * s.groups(); part++) {
      double[] rows = new double[positions * taps];
      eachRun(part, (cell, at, step, n) -> spread(x, cell, step, rows, at, n));
      Matrix gradients = new Matrix(dy, part * outputs * positions, positions, 1);
      int to = part % s.groups() * outputs * taps;
      PlainProduct.add(outputs, taps, positions, gradients, rows, 0, dw, to);
    }
    return dw;
  }

  private Matrix kernels(double[] w, int part) {
    return new Matrix(w, part % s.groups() * outputs * taps, taps, 1);
  }

  private static void gather(double[] x, int cell, int step, double[] columns, int at, int n) {
    for (int j = 0; j < n; j++) {
      columns[at + j] = x[cell + j * step];
    }
  }

  private static void scatter(double[] columns, int at, double[] dx, int cell, int step, int n) {
    for (int j = 0; j < n; j++) {
      dx[cell + j * step] += columns[at + j];
    }
  }

  /** As {@link #gather}, but what a position sees stands in a row. */
  private void spread(double[] x, int cell, int step, double[] rows, int at, int n) {
    int tap = at / positions;
    int position = at % positions;
    for (int j = 0; j < n; j++) {
      rows[(position + j) * taps + tap] = x[cell + j * step];
    }
  }

  /** Cells from {@code cell} on, {@code step} apart, are seen from columns at, at + 1, …. */
  private interface Run {
    void at(int cell, int at, int step, int n);
  }

  /** Visits what the outputs of one picture's group see, row by row; padding is left out. */
  private void eachRun(int part, Run run) {
    for (int tap = 0; tap < taps; tap++) {
      int channel = tap / (s.kernelH() * s.kernelW());
      int plane = (part * channels + channel) * cells;
      int down = tap / s.kernelW() % s.kernelH() * s.dilationH() - s.padH();
      int along = tap % s.kernelW() * s.dilationW() - s.padW();
      int from = Math.max(0, Math.floorDiv(s.strideW() - 1 - along, s.strideW()));
      int to = Math.min(s.outW(), Math.floorDiv(s.w() - 1 - along, s.strideW()) + 1);
      for (int i = 0; i < s.outH() && from < to; i++) {
        int row = i * s.strideH() + down;
        if (row >= 0 && row < s.h()) {
          int cell = plane + row * s.w() + from * s.strideW() + along;
          int at = tap * positions + i * s.outW() + from;
          run.at(cell, at, s.strideW(), to - from);
        }
      }
    }
  }
}
