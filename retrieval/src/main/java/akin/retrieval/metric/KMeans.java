package akin.retrieval.metric;

import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
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

  /** Bytes of memory that k groups of n rows need, beside the rows. */
  public static long bytes(int n, int dimension, int k) {
    long centres = 16L * k * dimension;
    return 16L * n + centres + 8L * BLOCK * (dimension + k);
  }

  /**
   * The group of every row, 0 … k − 1.
   *
   * @param rows N ≥ 1 rows; read again in every round
   * @param k at least 1; no more groups than rows are made
   */
  public int[] groups(Vectors rows, int k) {
    int n = rows.count();
    int dimension = rows.width();
    if (k < 1 || n < 1) {
      throw new IllegalArgumentException("%d rows, k = %d".formatted(n, k));
    }
    float[] centres = spread(rows, Math.min(k, n));
    int[] groups = new int[n];
    Arrays.fill(groups, -1);
    float[] nearest = new float[n];
    for (int round = 0; round < ROUNDS; round++) {
      if (!assign(rows, centres, groups, nearest)) {
        break;
      }
      centres = means(rows, centres.length / dimension, groups, nearest);
    }
    return groups;
  }

  /** Rows as first centres, each drawn in proportion to its squared distance from those before. */
  private float[] spread(Vectors rows, int k) {
    RandomStream stream = RandomStream.of(seed, "k-means");
    int n = rows.count();
    int d = rows.width();
    float[] block = new float[Math.min(n, BLOCK) * d];
    double[] squared = new double[n];
    Arrays.fill(squared, 1);
    float[] centres = new float[k * d];
    for (int c = 0; c < k; c++) {
      double wanted = stream.uniform(c) * Arrays.stream(squared).sum();
      int row = 0;
      for (double sum = squared[0]; row < n - 1 && sum <= wanted; sum += squared[row]) {
        row++;
      }
      rows.read(row, 1, centres, c * d);
      for (int i = 0; i < n; i++) {
        if (i % BLOCK == 0) {
          rows.read(i, Math.min(BLOCK, n - i), block, 0);
        }
        double square = 0;
        for (int j = 0; j < d; j++) {
          double x = (double) block[i % BLOCK * d + j] - centres[c * d + j];
          square += x * x;
        }
        squared[i] = c == 0 ? square : Math.min(squared[i], square);
      }
    }
    return centres;
  }

  /** Sends rows to their nearest centres; whether one moved. */
  private boolean assign(Vectors rows, float[] centres, int[] groups, float[] nearest) {
    int n = groups.length;
    int d = rows.width();
    int k = centres.length / d;
    boolean moved = false;
    for (int from = 0; from < n; from += BLOCK) {
      int to = Math.min(n, from + BLOCK);
      float[] block = new float[(to - from) * d];
      rows.read(from, to - from, block, 0);
      float[] squared = squared(block, centres, d);
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

  private static float[] means(Vectors rows, int k, int[] groups, float[] nearest) {
    int d = rows.width();
    double[] sums = new double[k * d];
    int[] count = new int[k];
    float[] row = new float[d];
    for (int i = 0; i < groups.length; i++) {
      rows.read(i, 1, row, 0);
      count[groups[i]]++;
      for (int j = 0; j < d; j++) {
        sums[groups[i] * d + j] += row[j];
      }
    }
    float[] centres = new float[k * d];
    for (int c = 0; c < k; c++) {
      if (count[c] == 0) {
        rows.read(takeFarthest(nearest), 1, centres, c * d);
      }
      for (int j = 0; j < d && count[c] > 0; j++) {
        centres[c * d + j] = (float) (sums[c * d + j] / count[c]);
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
