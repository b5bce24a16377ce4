package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * What a query thinks of the places around it, added to the scores of attention on a grid: for the
 * query q at (y, x) and the key at (y′, x′) it is q·h[y − y′ + rows − 1] + q·w[x − x′ + columns −
 * 1]. Queries [N, heads, T, d] → [N, heads, T, T], T = rows·columns, row by row. {@code rel_pos_h}
 * [2·rows − 1, d] and {@code rel_pos_w} [2·columns − 1, d] begin at 0.
 *
 * <p>Source: Li et al., "MViTv2", CVPR 2022; as in Kirillov et al., "Segment anything", ICCV 2023.
 */
public final class RelativePositions extends Layer {
  private final Parameter vertical;
  private final Parameter horizontal;

  /** For a grid and queries of d numbers. */
  public RelativePositions(int rows, int columns, int d) {
    vertical = parameter("rel_pos_h", Shape.of(2L * rows - 1, d), Initializer.constant(0));
    horizontal = parameter("rel_pos_w", Shape.of(2L * columns - 1, d), Initializer.constant(0));
  }

  @Override
  protected Tensor forward(Tensor queries) {
    return of(queries, vertical.tensor(), horizontal.tensor());
  }

  /**
   * The formula itself.
   *
   * @param q [N, heads, rows·columns, d]
   * @param h [2·rows − 1, d]
   * @param w [2·columns − 1, d]
   */
  public static Tensor of(Tensor q, Tensor h, Tensor w) {
    int rows = (h.dim(0) + 1) / 2;
    int columns = (w.dim(0) + 1) / 2;
    Shape s = q.shape();
    long d = s.size(3);
    long n = s.size(0) * s.size(1);
    Tensor grid = q.reshape(n, rows, columns, d);
    // q·h for every pair of rows, and q·w for every pair of columns
    Tensor down = grid.matmul(table(h, rows), false, true); // [n, y, x, y′]
    Tensor right = grid.permute(0, 2, 1, 3).matmul(table(w, columns), false, true); // [n, x, y, x′]
    Tensor both =
        down.reshape(n, rows, columns, rows, 1)
            .add(right.permute(0, 2, 1, 3).reshape(n, rows, columns, 1, columns));
    return both.reshape(s.size(0), s.size(1), s.size(2), s.size(2));
  }

  /** Row y holds the vectors for the keys 0, 1, …: [length, length, d]. */
  private static Tensor table(Tensor all, int length) {
    int[] rows = new int[length * length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i / length - i % length + length - 1;
    }
    return all.gatherRows(rows).reshape(length, length, all.dim(1));
  }
}
