package akin.nn.metric.rank;

import akin.nn.metric.AnchorSets;
import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Tensor;
import java.util.List;

/**
 * One minus a smooth precision at k. With rank_j = Σ_i σ((d_aj − d_ai)/τ₂) over all samples of the
 * batch (itself a half),
 *
 * <p>l(a) = 1 − Σ_j σ((K − rank_j)/τ₁)/min(R, K), j over the anchor's R − 1 positives and the
 * anchor itself, K = k + 1,
 *
 * <p>the mean over anchors that have a positive. Both sigmoids have the slope σ(1 − σ)/τ. As the
 * anchor always finds itself, k asked for is k + 1 counted; against items that are no anchors (a
 * memory), K = k and R counts positives only. Samples that are neither positive nor negative count
 * in no rank.
 *
 * <p>Source: Patel, Tolias, Matas, "Recall@k surrogate loss with large batches and similarity
 * mixup", CVPR 2022, in the form of OpenMetricLearning.
 *
 * @param k neighbours
 * @param step τ₁, of the step at rank K; 1 is usual
 * @param order τ₂, of ranks; 0.01 is usual
 * @param distance Euclidean between vectors as they are, usually
 */
public record SurrogatePrecisionLoss(int k, double step, double order, Distance distance)
    implements Loss {
  /** τ₁ = 1, τ₂ = 0.01, Euclidean between vectors as they are. */
  public static SurrogatePrecisionLoss usual(int k) {
    return new SurrogatePrecisionLoss(k, 1, 0.01, LpDistance.plain());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    AnchorSets sets = new AnchorSets(batch.relation(), false);
    if (sets.used() == 0) {
      return List.of();
    }
    AnchorSets near = batch.own() ? sets.withThemselves() : sets;
    int most = batch.own() ? k + 1 : k;
    Tensor d = distance.of(batch.anchors(), batch.items());
    d = d.mul((distance.similarity() ? -1 : 1) / order);
    Tensor mine = near.positives(d, AnchorSets.BIG); // fillings are infinitely far
    Tensor rank =
        Ranks.nearer(mine, mine).add(Ranks.nearer(mine, near.negatives(d, AnchorSets.BIG)));
    Tensor inside = rank.neg().add(most).div(step).sigmoid();
    Tensor precision = inside.mul(near.shares(most)).sum(false, 1);
    return List.of(Terms.of(precision.neg().add(1), near.rows()));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.BATCH);
  }
}
