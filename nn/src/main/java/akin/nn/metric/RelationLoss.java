package akin.nn.metric;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;

/**
 * Queries against items when many items answer one query: R[q,i] says whether item i does, S[q,i] =
 * cosine/τ, p = softmax of S over the items of the batch.
 *
 * <ul>
 *   <li>INSIDE: l(q) = −ln Σ_{i∈R} p_i: the answers together should have all probability. ∂l/∂S_i =
 *       p_i − [i∈R]·p_i/Σ_{R} p.
 *   <li>EACH: l(q) = −(1/|R|) Σ_{i∈R} ln p_i: every answer should have its share. ∂l/∂S_i = p_i −
 *       [i∈R]/|R|.
 *   <li>MIX: the sum of both.
 * </ul>
 *
 * <p>The mean over queries that have an answer in the batch; the others are skipped.
 *
 * <p>Source: EACH is the supervised contrastive loss of Khosla et al., NeurIPS 2020 (its "out"
 * form), INSIDE the "in" form without its division by |R|, both from one set to another.
 *
 * @param temperature τ; 0.1 works on attributes of photographs
 */
public record RelationLoss(Kind kind, double temperature) {
  /** Which of the formulas. */
  public enum Kind {
    /** All answers together. */
    INSIDE,
    /** Every answer by itself. */
    EACH,
    /** The sum of both. */
    MIX
  }

  /**
   * The loss.
   *
   * @param queries [N, D]
   * @param items [M, D]
   * @param relation N rows of M: whether the item answers the query
   */
  public LossValue of(Tensor queries, Tensor items, boolean[][] relation) {
    check(queries, items, relation);
    int[] used = used(relation);
    int skipped = relation.length - used.length;
    if (used.length == 0) {
      return LossValue.nothing(queries, skipped);
    }
    Tensor q = used.length == relation.length ? queries : queries.gatherRows(used);
    Tensor s = Norm.unitRows(q).matmul(Norm.unitRows(items), false, true).div(temperature);
    Tensor value =
        kind == Kind.INSIDE
            ? inside(s, relation, used)
            : kind == Kind.EACH
                ? each(s, relation, used)
                : inside(s, relation, used).add(each(s, relation, used));
    return new LossValue(value, used.length, skipped);
  }

  private static Tensor inside(Tensor s, boolean[][] relation, int[] used) {
    int items = s.dim(1);
    double[] mask = new double[used.length * items];
    for (int i = 0; i < used.length; i++) {
      for (int j = 0; j < items; j++) {
        mask[i * items + j] = relation[used[i]][j] ? 0 : -AnchorSets.BIG; // e^−∞ = 0
      }
    }
    Tensor answers = s.logSoftmax(1).add(Tensor.of(Shape.of(used.length, items), mask));
    return LogSumExp.of(answers).mean().neg();
  }

  private static Tensor each(Tensor s, boolean[][] relation, int[] used) {
    int items = s.dim(1);
    double[] target = new double[used.length * items];
    for (int i = 0; i < used.length; i++) {
      int answers = count(relation[used[i]]);
      for (int j = 0; j < items; j++) {
        target[i * items + j] = relation[used[i]][j] ? 1.0 / answers : 0;
      }
    }
    return s.crossEntropy(Tensor.of(Shape.of(used.length, items), target)).mean();
  }

  private static int[] used(boolean[][] relation) {
    return java.util.stream.IntStream.range(0, relation.length)
        .filter(i -> count(relation[i]) > 0)
        .toArray();
  }

  private static int count(boolean[] row) {
    int count = 0;
    for (boolean answers : row) {
      count += answers ? 1 : 0;
    }
    return count;
  }

  private static void check(Tensor queries, Tensor items, boolean[][] relation) {
    ShapeException.check(
        queries.shape().rank() == 2
            && items.shape().rank() == 2
            && relation.length == queries.dim(0)
            && relation.length > 0
            && relation[0].length == items.dim(0),
        () ->
            ShapeException.of("relation loss: the relation does not fit")
                .with("queries", queries.shape())
                .with("items", items.shape())
                .with("relation", relation.length + " rows")
                .needed("queries [N, D], items [M, D], N ≥ 1 rows of M"));
  }
}
