package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The supervised contrastive loss of each anchor with |P| positives,
 *
 * <p>l(a) = −(1/|P|)·Σ_p ln( e^(s_ap/τ) / Σ_j e^(s_aj/τ) ), j over positives and negatives,
 *
 * <p>the mean of the non-zero ones. With q the softmax over j: ∂l/∂s_aj = (q_j − [j ∈ P]/|P|)/τ.
 * With distances, −d stands for s. Anchors without positives are skipped, and all are if the batch
 * has no negatives.
 *
 * <p>Source: Khosla et al., "Supervised contrastive learning", NeurIPS 2020 (its "out" form).
 *
 * @param temperature τ; 0.1 is usual
 */
public record SupConLoss(double temperature, Distance distance) implements Loss {
  /** τ = 0.1, cosines. */
  public static SupConLoss usual() {
    return new SupConLoss(0.1, DotProduct.cosine());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    if (pairs.anchors().length == 0 || pairs.negatives().length == 0) {
      return List.of();
    }
    PairCells positives = PairCells.once(batch, pairs.anchors(), pairs.positives());
    PairCells all = PairCells.once(batch, pairs);
    Tensor d = distance.of(batch.anchors(), batch.items());
    Tensor s = (distance.similarity() ? d : d.neg()).div(temperature);
    int[] used = positives.anchors();
    Tensor l = Cells.of(all.logSumExp(s).sub(positives.mean(s)), used);
    return List.of(Terms.of(l, used));
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
