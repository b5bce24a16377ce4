package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Cuts a grid of tokens into square windows, which then count as samples of their own, so that
 * attention stays inside. Where the grid is no multiple of a window, tokens of zeros are added
 * below and to the right.
 *
 * @param rows of the grid
 * @param columns of the grid
 * @param side of a window
 */
public record Windows(int rows, int columns, int side) {
  /** Tokens row by row [N, rows·columns, D] → windows row by row [N·windows, side², D]. */
  public Tensor cut(Tensor x) {
    long d = x.dim(2);
    int high = windows(rows);
    int wide = windows(columns);
    return x.reshape(x.dim(0), rows, columns, d)
        .permute(0, 3, 1, 2)
        .pad(0, high * side - rows, 0, wide * side - columns, 0)
        .reshape(x.dim(0), d, high, side, wide, side)
        .permute(0, 2, 4, 3, 5, 1)
        .reshape((long) x.dim(0) * high * wide, (long) side * side, d);
  }

  /** The inverse of {@link #cut}; what was added is taken away. */
  public Tensor join(Tensor x) {
    Shape s = x.shape();
    int high = windows(rows);
    int wide = windows(columns);
    long n = s.size(0) / (high * wide);
    return x.reshape(n, high, wide, side, side, s.size(2))
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(n, (long) high * side, (long) wide * side, s.size(2))
        .slice(1, 0, rows)
        .slice(2, 0, columns)
        .reshape(n, (long) rows * columns, s.size(2));
  }

  private int windows(int length) {
    return (length + side - 1) / side;
  }
}
