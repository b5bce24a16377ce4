package akin.retrieval;

import akin.tensor.backend.Distance;
import java.util.Arrays;

/**
 * A gallery in panels of up to {@value #WIDTH} rows, each stored by coordinate: the rows of a panel
 * are scored side by side, so the compiler may use vector instructions while the sum of every
 * single pair still runs over d = 0 … D−1 in that order. A distance therefore depends on its query
 * and its row alone: not on the other queries, the other rows or the threads.
 */
final class Panels {
  /** Enough rows for long inner loops, few enough that a panel stays in a core's cache. */
  static final int WIDTH = 256;

  private static final double SMALLEST_NORM = 1e-8;

  private final int rows;
  private final int dimension;
  private final Distance metric;

  /** Coordinate d of row p·WIDTH + r stands at [p][d][r]. */
  private final float[][][] panels;

  /** The norms of the rows, none below 1e-8; only for the cosine distance. */
  private final double[] norms;

  Panels(float[] embeddings, int dimension, Distance metric) {
    this.rows = embeddings.length / dimension;
    this.dimension = dimension;
    this.metric = metric;
    panels = new float[(rows + WIDTH - 1) / WIDTH][][];
    for (int p = 0; p < panels.length; p++) {
      panels[p] = new float[dimension][rowsOf(p)];
    }
    for (int row = 0; row < rows; row++) {
      for (int d = 0; d < dimension; d++) {
        panels[row / WIDTH][d][row % WIDTH] = embeddings[row * dimension + d];
      }
    }
    norms = new double[metric == Distance.COSINE ? rows : 0];
    Arrays.setAll(norms, row -> norm(embeddings, row * dimension));
  }

  /** The number of panels. */
  int count() {
    return panels.length;
  }

  /** The number of rows of panel p. */
  int rowsOf(int p) {
    return Math.min(WIDTH, rows - p * WIDTH);
  }

  /** Coordinate d of a row. */
  float get(int row, int d) {
    return panels[row / WIDTH][d][row % WIDTH];
  }

  /** The norm of a vector, at least 1e-8: what a query's cosine distances need. */
  double norm(float[] vectors, int from) {
    double sum = 0;
    for (int d = 0; d < dimension; d++) {
      sum += (double) vectors[from + d] * vectors[from + d];
    }
    return Math.max(Math.sqrt(sum), SMALLEST_NORM);
  }

  /**
   * The distances between a query and the rows of panel p.
   *
   * @param queries holds the query from index {@code from} on
   * @param norm the query's {@link #norm}; ignored unless the distance is the cosine's
   * @param distances receives one number for each row of the panel
   */
  void score(float[] queries, int from, double norm, int p, float[] distances) {
    int width = rowsOf(p);
    Arrays.fill(distances, 0, width, 0f);
    int d = 0;
    for (; d + 4 <= dimension; d += 4) {
      addFour(queries, from + d, panels[p], d, width, distances);
    }
    for (; d < dimension; d++) {
      addOne(queries[from + d], panels[p][d], width, distances);
    }
    if (metric == Distance.EUCLIDEAN) {
      for (int r = 0; r < width; r++) {
        distances[r] = (float) Math.sqrt(distances[r]);
      }
    } else if (metric == Distance.COSINE) {
      for (int r = 0; r < width; r++) {
        double cosine = distances[r] / (norm * norms[p * WIDTH + r]);
        // Rounding may take the cosine of like vectors above 1; a distance is not negative.
        distances[r] = (float) Math.max(0.0, 1.0 - cosine);
      }
    }
  }

  private void addOne(float q, float[] x, int width, float[] sums) {
    switch (metric) {
      case EUCLIDEAN, SQUARED -> {
        for (int r = 0; r < width; r++) {
          float difference = q - x[r];
          sums[r] += difference * difference;
        }
      }
      case COSINE -> {
        for (int r = 0; r < width; r++) {
          sums[r] += q * x[r];
        }
      }
      case L1 -> {
        for (int r = 0; r < width; r++) {
          sums[r] += Math.abs(q - x[r]);
        }
      }
    }
  }

  /** Four coordinates at once, so that a sum is loaded and stored once for four additions. */
  private void addFour(float[] q, int at, float[][] panel, int d, int width, float[] sums) {
    float q0 = q[at];
    float q1 = q[at + 1];
    float q2 = q[at + 2];
    float q3 = q[at + 3];
    float[] x0 = panel[d];
    float[] x1 = panel[d + 1];
    float[] x2 = panel[d + 2];
    float[] x3 = panel[d + 3];
    switch (metric) {
      case EUCLIDEAN, SQUARED -> addSquares(q0, q1, q2, q3, x0, x1, x2, x3, width, sums);
      case COSINE -> addProducts(q0, q1, q2, q3, x0, x1, x2, x3, width, sums);
      case L1 -> addMagnitudes(q0, q1, q2, q3, x0, x1, x2, x3, width, sums);
    }
  }

  // The compiler finds the vector form of loops over several arrays with one index, as here.

  private static void addSquares(
      float q0,
      float q1,
      float q2,
      float q3,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      int width,
      float[] sums) {
    for (int r = 0; r < width; r++) {
      float d0 = q0 - x0[r];
      float d1 = q1 - x1[r];
      float d2 = q2 - x2[r];
      float d3 = q3 - x3[r];
      sums[r] = sums[r] + d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
    }
  }

  private static void addProducts(
      float q0,
      float q1,
      float q2,
      float q3,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      int width,
      float[] sums) {
    for (int r = 0; r < width; r++) {
      sums[r] = sums[r] + q0 * x0[r] + q1 * x1[r] + q2 * x2[r] + q3 * x3[r];
    }
  }

  private static void addMagnitudes(
      float q0,
      float q1,
      float q2,
      float q3,
      float[] x0,
      float[] x1,
      float[] x2,
      float[] x3,
      int width,
      float[] sums) {
    for (int r = 0; r < width; r++) {
      sums[r] =
          sums[r]
              + Math.abs(q0 - x0[r])
              + Math.abs(q1 - x1[r])
              + Math.abs(q2 - x2[r])
              + Math.abs(q3 - x3[r]);
    }
  }
}
