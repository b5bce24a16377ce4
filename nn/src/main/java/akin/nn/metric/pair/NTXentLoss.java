package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The normalised temperature-scaled cross-entropy (InfoNCE) of each positive pair,
 *
 * <p>l(a,p) = −ln( e^(s_ap/τ) / (e^(s_ap/τ) + Σ_n e^(s_an/τ)) ) = softplus(ln Σ_n e^(s_an/τ) −
 * s_ap/τ),
 *
 * <p>n over the anchor's negatives; their mean. With q the softmax in the formula: ∂l/∂s_ap = (q_p
 * − 1)/τ, ∂l/∂s_an = q_n/τ. With distances, −d stands for s. A pair whose anchor has no negative
 * adds 0; without any negatives all anchors are skipped.
 *
 * <p>Source: Sohn, "Improved deep metric learning with multi-class N-pair loss", NIPS 2016; Chen et
 * al., "A simple framework for contrastive learning", ICML 2020.
 *
 * @param temperature τ; 0.07 is usual
 */
public record NTXentLoss(double temperature, Distance distance) implements Loss {
  /** τ = 0.07, cosines. */
  public static NTXentLoss usual() {
    return new NTXentLoss(0.07, DotProduct.cosine());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    if (pairs.anchors().length == 0 || pairs.negatives().length == 0) {
      return List.of();
    }
    Tensor d = distance.of(batch.anchors(), batch.items());
    Tensor s = (distance.similarity() ? d : d.neg()).div(temperature);
    Tensor near = Cells.of(s, pairs.anchors(), pairs.positives());
    Tensor far = PairCells.counted(batch, pairs.negativeAnchors(), pairs.negatives()).logSumExp(s);
    Tensor l = LogSumExp.onePlus(Cells.of(far, pairs.anchors()).sub(near));
    return List.of(Terms.of(l, pairs.anchors()));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }
}
