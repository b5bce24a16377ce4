package akin.nn.metric.rank;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One minus an average precision of binned distances. With squared Euclidean distances d ∈ [0, 4]
 * between normalised vectors, bins of width Δ = 4/Q and a triangle in place of a step,
 *
 * <p>h⁺_l = Σ_p [1 − |d_ap − lΔ|/Δ]₊, l = 0 … Q, h the same over positives and negatives, H⁺ and H
 * their running sums,
 *
 * <p>l(a) = 1 − (1/|P|) Σ_l h⁺_l·H⁺_l/H_l; the mean over anchors that have a positive.
 *
 * <p>∂d reaches each sample through the two bins beside its distance; the slope of h there is ∓1/Δ
 * and jumps at the bins' centres, where it is that of larger distances. Without negatives Σ_l h⁺_l
 * = |P| and the loss is 0.
 *
 * <p>Source: Cakir et al., "Deep metric learning to rank", CVPR 2019.
 *
 * @param bins Q; 10 is usual
 */
public record FastApLoss(int bins) implements Loss {
  private static final Distance SQUARED = LpDistance.squared();
  private static final double FARTHEST = 4;
  private static final double TINY = 1e-18; // below any H that is not 0, and above float32's 0

  /** Q = 10. */
  public static FastApLoss usual() {
    return new FastApLoss(10);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = Pairs.all(batch.relation());
    if (pairs.anchors().length == 0) {
      return List.of();
    }
    Tensor d = SQUARED.of(batch.anchors(), batch.items());
    Tensor positive = histograms(d, pairs.anchors(), pairs.positives()); // [N, Q + 1]
    Tensor all = positive.add(histograms(d, pairs.negativeAnchors(), pairs.negatives()));
    Tensor triangle = Running.triangle(bins + 1);
    Tensor soFar = positive.matmul(triangle);
    Tensor allSoFar = all.matmul(triangle).clamp(TINY, Float.MAX_VALUE);
    int[] used = IntStream.of(pairs.anchors()).distinct().toArray();
    Tensor precisions = positive.mul(soFar.div(allSoFar)).sum(false, 1).gatherRows(used);
    double[] shares =
        IntStream.of(used).mapToDouble(a -> -1.0 / batch.relation().positives(a).length).toArray();
    Tensor l = precisions.mul(Tensor.of(Shape.of(used.length), shares)).add(1);
    return List.of(Terms.of(l, used));
  }

  private Tensor histograms(Tensor d, int[] anchors, int[] items) {
    if (anchors.length == 0) {
      return Tensor.zeros(Shape.of(d.dim(0), bins + 1));
    }
    Bins in = Bins.of(Cells.of(d, anchors, items), 0, FARTHEST / bins, bins - 1);
    return in.histograms(anchors, d.dim(0), bins + 1);
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.BATCH);
  }
}
