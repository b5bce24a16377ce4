package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import java.util.List;

/**
 * The threshold-consistent margin loss: one threshold of the cosine should serve all classes,
 *
 * <p>l(a,p) = λ⁺·[m⁺ − s_ap]₊, l(a,n) = λ⁻·[s_an − m⁻]₊,
 *
 * <p>the mean of the non-zero ones of each kind, added. Where l &gt; 0: ∂l/∂s_ap = −λ⁺, ∂l/∂s_an =
 * λ⁻. It is used beside another loss. Either kind may be missing.
 *
 * <p>Source: Zhang et al., "Threshold-consistent margin loss for open-world deep metric learning",
 * ICLR 2024.
 *
 * @param positiveWeight λ⁺; 1 is usual
 * @param negativeWeight λ⁻; 1 is usual
 * @param positive m⁺; 0.9 is usual
 * @param negative m⁻; 0.5 is usual
 */
public record ThresholdConsistentMarginLoss(
    double positiveWeight, double negativeWeight, double positive, double negative)
    implements Loss {
  /** λ⁺ = λ⁻ = 1, m⁺ = 0.9, m⁻ = 0.5. */
  public static ThresholdConsistentMarginLoss usual() {
    return new ThresholdConsistentMarginLoss(1, 1, 0.9, 0.5);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    return PairTerms.of(
        batch,
        DotProduct.cosine().of(batch.anchors(), batch.items()),
        near -> near.neg().add(positive).relu().mul(positiveWeight),
        far -> far.sub(negative).relu().mul(negativeWeight));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }

  @Override
  public Reducer reducer() {
    return Reducer.NON_ZERO;
  }
}
