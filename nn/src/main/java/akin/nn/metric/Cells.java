package akin.nn.metric;

import akin.tensor.Tensor;

/** Elements of a matrix of distances, picked by row and column; gradients go back to them. */
public final class Cells {
  private Cells() {}

  /** [N, M] → [n]: element (rows[k], columns[k]) for each k; n ≥ 1. */
  public static Tensor of(Tensor matrix, int[] rows, int[] columns) {
    int m = matrix.dim(1);
    int[] cells = new int[rows.length];
    for (int k = 0; k < cells.length; k++) {
      cells[k] = rows[k] * m + columns[k];
    }
    return matrix.reshape(matrix.shape().count(), 1).gatherRows(cells).reshape(cells.length);
  }
}
