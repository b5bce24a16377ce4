package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The generalised lifted structure loss of each anchor,
 *
 * <p>l(a) = [ ln Σ_p e^(d_ap − m_p) + ln Σ_n e^(m_n − d_an) ]₊,
 *
 * <p>the mean over all anchors of the batch. Where l &gt; 0: ∂l/∂d_ap = softmax of d over the
 * positives, ∂l/∂d_an = −softmax of −d over the negatives. With similarities the signs turn over.
 * An anchor without positives (or negatives) has 0 in place of that logarithm; one without both is
 * skipped.
 *
 * <p>Source: Hermans, Beyer, Leibe, "In defense of the triplet loss for person re-identification",
 * 2017.
 *
 * @param negative m_n; 1 is usual
 * @param positive m_p; 0 is usual
 */
public record GeneralizedLiftedStructureLoss(double negative, double positive, Distance distance)
    implements Loss {
  /** m_n = 1, m_p = 0, Euclidean between normalised vectors. */
  public static GeneralizedLiftedStructureLoss usual() {
    return new GeneralizedLiftedStructureLoss(1, 0, LpDistance.euclidean());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    PairCells positives = PairCells.once(batch, pairs.anchors(), pairs.positives());
    PairCells negatives = PairCells.once(batch, pairs.negativeAnchors(), pairs.negatives());
    int[] used = positives.or(negatives);
    if (used.length == 0) {
      return List.of();
    }
    Tensor d = distance.of(batch.anchors(), batch.items());
    Tensor near = positives.logSumExpOrZero(distance.farther(d, positive));
    Tensor far = negatives.logSumExpOrZero(distance.farther(d, negative).neg());
    return List.of(Terms.of(Cells.of(near.add(far), used).relu(), used));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }

  @Override
  public Reducer reducer() {
    return new PerAnchorReducer();
  }
}
