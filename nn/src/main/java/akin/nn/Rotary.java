package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Turns queries and keys by their places on a grid, so that their products tell how far apart they
 * lie: [N, heads, T, d] → the same shape. T is {@code first} tokens that have no place and stay,
 * then the grid row by row.
 *
 * <p>The d/2 pairs of neighbouring numbers (u, v) become (u·cos φ − v·sin φ, v·cos φ + u·sin φ).
 * With f_j = 10000^(−4j/d), j &lt; d/4, the angles φ of the token in row y and column x are
 * y·r·f_0, y·r·f_1, …, then x·c·f_0, x·c·f_1, …; r and c stretch the grid to {@code reference} rows
 * and columns, those of training.
 *
 * <p>Sources: Su et al., "RoFormer", 2021; on a grid: Fang et al., "EVA-02", 2023.
 */
public final class Rotary {
  private static final double BASE = 10_000;

  private final int width;
  private final int tokens;
  private final double[] cos;
  private final double[] sin;
  private final double[] swap;

  /**
   * @param width d, a multiple of 4
   * @param reference rows and columns in training
   */
  public Rotary(int rows, int columns, int first, int reference, int width) {
    if (width % 4 != 0) {
      throw new IllegalArgumentException("rotary: the width is a multiple of 4, not " + width);
    }
    this.width = width;
    tokens = first + rows * columns;
    cos = new double[tokens * width];
    sin = new double[tokens * width];
    int quarter = width / 4;
    for (int token = 0; token < tokens; token++) {
      int place = token - first;
      for (int pair = 0; pair < 2 * quarter; pair++) {
        double along =
            pair < quarter
                ? (double) (place / columns) * reference / rows
                : (double) (place % columns) * reference / columns;
        double angle = place < 0 ? 0 : along * Math.pow(BASE, -(double) (pair % quarter) / quarter);
        for (int i = token * width + 2 * pair, end = i + 2; i < end; i++) {
          cos[i] = Math.cos(angle);
          sin[i] = Math.sin(angle);
        }
      }
    }
    swap = new double[width * width];
    for (int u = 0; u < width; u += 2) {
      swap[(u + 1) * width + u] = -1; // u's place gets −v
      swap[u * width + u + 1] = 1;
    }
  }

  /** Turns queries or keys [.., T, d]. */
  public Tensor turn(Tensor x) {
    Shape places = Shape.of(tokens, width);
    Tensor swapped = x.matmul(Tensor.of(Shape.of(width, width), swap));
    return x.mul(Tensor.of(places, cos)).add(swapped.mul(Tensor.of(places, sin)));
  }
}
