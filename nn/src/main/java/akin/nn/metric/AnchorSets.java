package akin.nn.metric;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Positives and negatives of every anchor of a batch, as cells of the anchors' [A, N] matrix of
 * distances or similarities.
 *
 * <p>Gathering them gives two matrices with one row per anchor, so that sums over all triplets are
 * broadcasts of [A, P, 1] against [A, 1, M], which every backend does fast. Rows are filled up to
 * equal length with a value of the caller's choice, such that the filling adds exactly 0.
 */
final class AnchorSets {
  /** A filling that no distance or similarity reaches, and whose differences stay finite. */
  static final double BIG = 1e30;

  private final int considered;
  private final int batch;
  private final List<int[]> positives = new ArrayList<>();
  private final List<int[]> negatives = new ArrayList<>();

  /**
   * The sets of the first {@code anchors} samples of a batch (all if 0); anchors without positives
   * are left out, and if asked those without negatives.
   */
  AnchorSets(int[] labels, int anchors, boolean negativesNeeded) {
    batch = labels.length;
    considered = anchors == 0 ? batch : Math.min(anchors, batch);
    for (int a = 0; a < considered; a++) {
      int[] positive = cells(labels, a, true);
      int[] negative = cells(labels, a, false);
      if (positive.length > 0 && (negative.length > 0 || !negativesNeeded)) {
        positives.add(positive);
        negatives.add(negative);
      }
    }
  }

  private int[] cells(int[] labels, int anchor, boolean same) {
    int[] cells = new int[batch];
    int count = 0;
    for (int j = 0; j < batch; j++) {
      if (j != anchor && (labels[j] == labels[anchor]) == same) {
        cells[count++] = anchor * batch + j;
      }
    }
    return Arrays.copyOf(cells, count);
  }

  /** Anchors looked at. */
  int considered() {
    return considered;
  }

  /** Anchors that are used: A. */
  int used() {
    return positives.size();
  }

  /** Anchors left out. */
  int skipped() {
    return considered - used();
  }

  /** Pairs of an anchor and a positive. */
  long pairs() {
    return positives.stream().mapToLong(p -> p.length).sum();
  }

  /** Triplets of an anchor, a positive and a negative. */
  long triplets() {
    long count = 0;
    for (int i = 0; i < used(); i++) {
      count += (long) positives.get(i).length * negatives.get(i).length;
    }
    return count;
  }

  /** The rows of {@code features} that are looked at as anchors. */
  Tensor anchors(Tensor features) {
    return considered == batch ? features : features.slice(0, 0, considered);
  }

  /** Positives' cells of the matrix [considered, N]: [A, P], filled up with {@code filling}. */
  Tensor positives(Tensor matrix, double filling) {
    return gather(matrix, positives, filling);
  }

  /** Negatives' cells of the matrix [considered, N]: [A, M], filled up with {@code filling}. */
  Tensor negatives(Tensor matrix, double filling) {
    return gather(matrix, negatives, filling);
  }

  /** Like {@link #positives}: 1/(A·positives of the anchor), and 0 in the filling. */
  Tensor meanOfMeans() {
    int width = width(positives);
    double[] weights = new double[used() * width];
    for (int i = 0; i < used(); i++) {
      int count = positives.get(i).length;
      Arrays.fill(weights, i * width, i * width + count, 1.0 / count / used());
    }
    return Tensor.of(Shape.of(used(), width), weights);
  }

  private Tensor gather(Tensor matrix, List<int[]> cells, double filling) {
    int width = width(cells);
    int outside = considered * batch;
    int[] rows = new int[used() * width];
    Arrays.fill(rows, outside);
    for (int i = 0; i < used(); i++) {
      System.arraycopy(cells.get(i), 0, rows, i * width, cells.get(i).length);
    }
    Tensor column = matrix.reshape(outside, 1);
    Tensor filled = Tensor.concat(0, column, Tensor.full(Shape.of(1, 1), filling));
    return filled.gatherRows(rows).reshape(used(), width);
  }

  private static int width(List<int[]> cells) {
    return Math.max(1, cells.stream().mapToInt(c -> c.length).max().orElse(0));
  }
}
