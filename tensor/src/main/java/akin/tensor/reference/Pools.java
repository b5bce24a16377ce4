package akin.tensor.reference;

import akin.tensor.backend.PoolShape;
import java.util.Arrays;

/** Maximum and average over windows of planes [H,W]. */
final class Pools {
  private Pools() {}

  static void forward(PoolShape s, double[] x, double[] y) {
    forEachWindow(
        s,
        (iy, cells, divisor) -> {
          if (s.kind() == PoolShape.Kind.MAX) {
            int best = firstMaximum(x, cells);
            y[iy] = best < 0 ? Double.NEGATIVE_INFINITY : x[best];
          } else {
            double sum = 0;
            for (int cell : cells) {
              sum += x[cell];
            }
            y[iy] = sum / divisor;
          }
        });
  }

  static void backward(PoolShape s, double[] x, double[] dy, double[] dx) {
    Arrays.fill(dx, 0);
    forEachWindow(
        s,
        (iy, cells, divisor) -> {
          if (s.kind() == PoolShape.Kind.MAX) {
            int best = firstMaximum(x, cells);
            if (best >= 0) {
              dx[best] += dy[iy];
            }
          } else {
            for (int cell : cells) {
              dx[cell] += dy[iy] / divisor;
            }
          }
        });
  }

  /** The cell of the first maximum, of the first NaN if there is one, −1 if there are no cells. */
  private static int firstMaximum(double[] x, int[] cells) {
    int best = -1;
    for (int cell : cells) {
      if (Double.isNaN(x[cell])) {
        return cell;
      }
      if (best < 0 || x[cell] > x[best]) {
        best = cell;
      }
    }
    return best;
  }

  /** One window: output element iy looks at elements {@code cells} of x, in scan order. */
  private interface Window {
    void at(int iy, int[] cells, int divisor);
  }

  private static void forEachWindow(PoolShape s, Window window) {
    for (int p = 0; p < s.planes(); p++) {
      for (int i = 0; i < s.outH(); i++) {
        for (int j = 0; j < s.outW(); j++) {
          int iy = (p * s.outH() + i) * s.outW() + j;
          window.at(iy, cells(s, p, i, j), s.divisor(i, j));
        }
      }
    }
  }

  /** The cells of the input under window (i,j) of plane p; those in the padding are left out. */
  private static int[] cells(PoolShape s, int p, int i, int j) {
    int[] cells = new int[(s.rowEnd(i) - s.rowStart(i)) * (s.colEnd(j) - s.colStart(j))];
    int count = 0;
    for (int row = s.rowStart(i); row < s.rowEnd(i); row += s.rowStep()) {
      for (int col = s.colStart(j); col < s.colEnd(j); col += s.colStep()) {
        if (row >= 0 && row < s.h() && col >= 0 && col < s.w()) {
          cells[count++] = (p * s.h() + row) * s.w() + col;
        }
      }
    }
    return Arrays.copyOf(cells, count);
  }
}
