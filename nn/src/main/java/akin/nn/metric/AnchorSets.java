package akin.nn.metric;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Positives and negatives of every anchor of a batch, as cells of the anchors' matrix of distances
 * or similarities.
 *
 * <p>Gathering them gives two matrices with one row per anchor, so that sums over all triplets are
 * broadcasts of [A, P, 1] against [A, 1, M], which every backend does fast. Rows are filled up to
 * equal length with a value of the caller's choice, such that the filling adds exactly 0.
 */
public final class AnchorSets {
  /** A filling that no distance or similarity reaches, and whose differences stay finite. */
  public static final double BIG = -LogSumExp.NOTHING;

  private final int considered;
  private final int items;
  private final List<Integer> anchors;
  private final List<int[]> positives;
  private final List<int[]> negatives;

  /**
   * The sets of all anchors of a relation; anchors without positives are left out, and if asked
   * those without negatives.
   */
  public AnchorSets(Relation relation, boolean negativesNeeded) {
    considered = relation.anchors();
    items = relation.items();
    anchors = new ArrayList<>();
    positives = new ArrayList<>();
    negatives = new ArrayList<>();
    for (int a = 0; a < considered; a++) {
      int[] positive = cells(a, relation.positives(a));
      int[] negative = cells(a, relation.negatives(a));
      if (positive.length > 0 && (negative.length > 0 || !negativesNeeded)) {
        anchors.add(a);
        positives.add(positive);
        negatives.add(negative);
      }
    }
  }

  private AnchorSets(AnchorSets of, List<int[]> positives) {
    considered = of.considered;
    items = of.items;
    anchors = of.anchors;
    this.positives = positives;
    negatives = of.negatives;
  }

  /** The same with every anchor among its own positives; within one batch. */
  public AnchorSets withThemselves() {
    List<int[]> with = new ArrayList<>();
    for (int i = 0; i < used(); i++) {
      int own = anchors.get(i) * items + anchors.get(i);
      with.add(IntStream.concat(IntStream.of(own), IntStream.of(positives.get(i))).toArray());
    }
    return new AnchorSets(this, with);
  }

  /** Columns, which are nobody else's, as cells of the matrix. */
  private int[] cells(int anchor, int[] columns) {
    for (int k = 0; k < columns.length; k++) {
      columns[k] += anchor * items;
    }
    return columns;
  }

  /** Anchors looked at. */
  public int considered() {
    return considered;
  }

  /** Anchors that are used: A. */
  public int used() {
    return positives.size();
  }

  /** Anchors left out. */
  public int skipped() {
    return considered - used();
  }

  /** Triplets of an anchor, a positive and a negative. */
  public long triplets() {
    long count = 0;
    for (int i = 0; i < used(); i++) {
      count += (long) positives.get(i).length * negatives.get(i).length;
    }
    return count;
  }

  /** Rows of the anchors that are used, A of them. */
  public int[] rows() {
    return anchors.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Positives' cells of the matrix [considered, items]: [A, P], filled up with {@code filling}. */
  public Tensor positives(Tensor matrix, double filling) {
    return gather(matrix, positives, filling);
  }

  /** Negatives' cells of the matrix [considered, items]: [A, M], filled up with {@code filling}. */
  public Tensor negatives(Tensor matrix, double filling) {
    return gather(matrix, negatives, filling);
  }

  /** Like {@link #positives}: 1/(positives of the anchor), and 0 in the filling. */
  public Tensor means() {
    return shares(Integer.MAX_VALUE);
  }

  /**
   * Like {@link #means}, but an anchor with more than {@code most} positives counts as with so
   * many.
   */
  public Tensor shares(int most) {
    int width = width(positives);
    double[] weights = new double[used() * width];
    for (int i = 0; i < used(); i++) {
      int count = positives.get(i).length;
      Arrays.fill(weights, i * width, i * width + count, 1.0 / Math.min(count, most));
    }
    return Tensor.of(Shape.of(used(), width), weights);
  }

  private Tensor gather(Tensor matrix, List<int[]> cells, double filling) {
    int width = width(cells);
    int outside = considered * items;
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
