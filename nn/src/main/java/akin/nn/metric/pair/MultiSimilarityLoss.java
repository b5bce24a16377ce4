package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The multi-similarity loss of each anchor a,
 *
 * <p>l(a) = (1/α)·ln(1 + Σ_p e^(−α(s_ap − λ))) + (1/β)·ln(1 + Σ_n e^(β(s_an − λ))),
 *
 * <p>the mean over all anchors of the batch. ∂l/∂s_ap = −e^(−α(s_ap − λ))/(1 + Σ_p …), ∂l/∂s_an =
 * e^(β(s_an − λ))/(1 + Σ_n …). With distances, λ − d stands for s − λ. An anchor without positives
 * (or negatives) has the other half alone; one without both is skipped.
 *
 * <p>Source: Wang et al., "Multi-similarity loss with general pair weighting for deep metric
 * learning", CVPR 2019.
 *
 * @param alpha α; 2 is usual
 * @param beta β; 50 is usual
 * @param base λ; 0.5 is usual
 */
public record MultiSimilarityLoss(double alpha, double beta, double base, Distance distance)
    implements Loss {
  /** α = 2, β = 50, λ = 0.5, cosines. */
  public static MultiSimilarityLoss usual() {
    return new MultiSimilarityLoss(2, 50, 0.5, DotProduct.cosine());
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
    Tensor far = distance.farther(distance.of(batch.anchors(), batch.items()), base);
    Tensor near = LogSumExp.onePlus(positives.logSumExp(far.mul(alpha))).div(alpha);
    Tensor apart = LogSumExp.onePlus(negatives.logSumExp(far.mul(-beta))).div(beta);
    return List.of(Terms.of(Cells.of(near.add(apart), used), used));
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
