package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The circle loss of each anchor, s cosines,
 *
 * <p>l(a) = softplus( ln Σ_n e^(γ·α_n·(s_an − m)) + ln Σ_p e^(−γ·α_p·(s_ap − 1 + m)) ), with α_p =
 * [1 + m − s_ap]₊ and α_n = [s_an + m]₊, constants for the gradient,
 *
 * <p>the mean of the non-zero ones. With z the argument of softplus and q the softmax of either
 * sum: ∂l/∂s_ap = −σ(z)·q_p·γ·α_p, ∂l/∂s_an = σ(z)·q_n·γ·α_n. An anchor without positives or
 * without negatives is skipped.
 *
 * <p>Source: Sun et al., "Circle loss: a unified perspective of pair similarity optimization", CVPR
 * 2020.
 *
 * @param margin m; 0.4 is usual for retrieval, 0.25 for faces
 * @param gamma γ; 80 is usual for retrieval, 256 for faces
 */
public record CircleLoss(double margin, double gamma) implements Loss {
  /** m = 0.4, γ = 80. */
  public static CircleLoss usual() {
    return new CircleLoss(0.4, 80);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    PairCells positives = PairCells.once(batch, pairs.anchors(), pairs.positives());
    PairCells negatives = PairCells.once(batch, pairs.negativeAnchors(), pairs.negatives());
    int[] used = positives.and(negatives);
    if (used.length == 0) {
      return List.of();
    }
    Tensor s = DotProduct.cosine().of(batch.anchors(), batch.items());
    Tensor frozen = s.detach();
    Tensor pull = frozen.neg().add(1 + margin).relu().mul(gamma); // γ·α_p
    Tensor push = frozen.add(margin).relu().mul(gamma); // γ·α_n
    Tensor near = positives.logSumExp(pull.mul(s.neg().add(1 - margin)));
    Tensor far = negatives.logSumExp(push.mul(s.sub(margin)));
    Tensor l = LogSumExp.onePlus(Cells.of(near, used).add(Cells.of(far, used)));
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
