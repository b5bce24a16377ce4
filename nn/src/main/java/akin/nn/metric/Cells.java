package akin.nn.metric;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.Arrays;

/** Elements of a matrix or a vector, picked by their places; gradients go back to them. */
public final class Cells {
  private Cells() {}

  /** [N, M] → [n]: element (rows[k], columns[k]) for each k; n ≥ 1. */
  public static Tensor of(Tensor matrix, int[] rows, int[] columns) {
    int[] cells = cells(rows, columns, matrix.dim(1));
    return matrix.reshape(matrix.shape().count(), 1).gatherRows(cells).reshape(cells.length);
  }

  /** [N] → [n]: element rows[k] for each k; n ≥ 1. */
  public static Tensor of(Tensor vector, int... rows) {
    return vector.reshape(vector.dim(0), 1).gatherRows(rows).reshape(rows.length);
  }

  /** [N, M] with values [n] added to its elements (rows[k], columns[k]). */
  public static Tensor add(Tensor matrix, Tensor values, int[] rows, int[] columns) {
    int[] cells = cells(rows, columns, matrix.dim(1));
    int count = Math.toIntExact(matrix.shape().count());
    Tensor placed = values.reshape(cells.length, 1).scatterAddRows(cells, count);
    return matrix.add(placed.reshape(matrix.shape()));
  }

  /** [n, n] with 1 on the diagonal. */
  public static Tensor identity(int n) {
    double[] one = new double[n * n];
    for (int i = 0; i < n; i++) {
      one[i * n + i] = 1;
    }
    return Tensor.of(Shape.of(n, n), one);
  }

  private static int[] cells(int[] rows, int[] columns, int m) {
    int[] cells = new int[rows.length];
    Arrays.setAll(cells, k -> Math.addExact(Math.multiplyExact(rows[k], m), columns[k]));
    return cells;
  }
}
