package akin.retrieval.metric;

import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Distance;
import java.util.Arrays;

/**
 * Groups rows around k centres: the first centres are drawn far apart (k-means++), then rows go to
 * the nearest centre and centres to the mean of their rows, until no row moves or {@link #ROUNDS}
 * are over. Equal distances go to the centre with the smaller number; a centre without rows moves
 * to the row that is farthest from its own. The same seed gives the same groups at any thread
 * count.
 *
 * <p>Source: Lloyd, 1982; Arthur and Vassilvitskii, "k-means++", SODA 2007.
 *
 * @param backend that measures distances
 */
public record KMeans(Backend backend, long seed) {
  /** Rounds at most. */
  public static final int ROUNDS = 100;

  private static final int BLOCK = 1024;

  /**
   * The group of every row, 0 … k − 1.
   *
   * @param rows N rows of {@code dimension} numbers, row-major
   * @param k at least 1; no more groups than rows are made
   */
  public int[] groups(float[] rows, int dimension, int k) {
    int n = rows.length / dimension;
    if (k < 1 || n < 1 || rows.length % dimension != 0) {
      throw new IllegalArgumentException(
          "%d numbers in rows of %d, k = %d".formatted(rows.length, dimension, k));
    }
    float[] centres = spread(rows, dimension, Math.min(k, n));
    int[] groups = new int[n];
    Arrays.fill(groups, -1);
    float[] nearest = new float[n];
    for (int round = 0; round < ROUNDS; round++) {
      if (!assign(rows, dimension, centres, groups, nearest)) {
        break;
      }
      centres = means(rows, dimension, centres.length / dimension, groups, nearest);
    }
    return groups;
  }

  /** Rows as first centres, each drawn in proportion to its squared distance from those before. */
  private float[] spread(float[] rows, int d, int k) {
    RandomStream stream = RandomStream.of(seed, "k-means");
    int n = rows.length / d;
    double[] squared = new double[n];
    Arrays.fill(squared, 1);
    float[] centres = new float[k * d];
    for (int c = 0; c < k; c++) {
      double wanted = stream.uniform(c) * Arrays.stream(squared).sum();
      int row = 0;
      for (double sum = squared[0]; row < n - 1 && sum <= wanted; sum += squared[row]) {
        row++;
      }
      System.arraycopy(rows, row * d, centres, c * d, d);
      for (int i = 0; i < n; i++) {
        double square = 0;
        for (int j = 0; j < d; j++) {
          double x = (double) rows[i * d + j] - centres[c * d + j];
          square += x * x;
        }
        squared[i] = c == 0 ? square : Math.min(squared[i], square);
      }
    }
    return centres;
  }

  /** Sends rows to their nearest centres; whether one moved. */
  private boolean assign(float[] rows, int d, float[] centres, int[] groups, float[] nearest) {
    int n = groups.length;
    int k = centres.length / d;
    boolean moved = false;
    for (int from = 0; from < n; from += BLOCK) {
      int to = Math.min(n, from + BLOCK);
      float[] squared = squared(Arrays.copyOfRange(rows, from * d, to * d), centres, d);
      for (int i = from; i < to; i++) {
        int best = 0;
        int at = (i - from) * k;
        for (int c = 1; c < k; c++) {
          best = squared[at + c] < squared[at + best] ? c : best;
        }
        nearest[i] = squared[at + best];
        moved |= groups[i] != best;
        groups[i] = best;
      }
    }
    return moved;
  }

  private float[] squared(float[] rows, float[] centres, int d) {
    try (Scope scope = Scope.open(backend)) {
      Tensor x = Tensor.of(Shape.of(rows.length / d, d), rows);
      Tensor y = Tensor.of(Shape.of(centres.length / d, d), centres);
      return x.distances(y, Distance.SQUARED).toFloats();
    }
  }

  private static float[] means(float[] rows, int d, int k, int[] groups, float[] nearest) {
    double[] sums = new double[k * d];
    int[] count = new int[k];
    for (int i = 0; i < groups.length; i++) {
      count[groups[i]]++;
      for (int j = 0; j < d; j++) {
        sums[groups[i] * d + j] += rows[i * d + j];
      }
    }
    float[] centres = new float[k * d];
    for (int c = 0; c < k; c++) {
      int farthest = count[c] == 0 ? takeFarthest(nearest) : -1;
      for (int j = 0; j < d; j++) {
        centres[c * d + j] =
            count[c] == 0 ? rows[farthest * d + j] : (float) (sums[c * d + j] / count[c]);
      }
    }
    return centres;
  }

  private static int takeFarthest(float[] nearest) {
    int farthest = 0;
    for (int i = 1; i < nearest.length; i++) {
      farthest = nearest[i] > nearest[farthest] ? i : farthest;
    }
    nearest[farthest] = -1;
    return farthest;
  }
}
