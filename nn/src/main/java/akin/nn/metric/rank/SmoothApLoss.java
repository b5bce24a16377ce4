package akin.nn.metric.rank;

import akin.nn.metric.AnchorSets;
import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Tensor;
import java.util.List;

/**
 * One minus a smooth average precision: with σ(z) = 1/(1 + e⁻ᶻ) in place of a step,
 *
 * <p>R_p = 1 + Σ_{j≠p} σ((d_ap − d_aj)/τ) over the anchor's positives and negatives, R⁺_p the same
 * over its positives,
 *
 * <p>l(a) = (1/|P|) Σ_p (R_p − R⁺_p)/R_p; the mean over anchors that have a positive. Of
 * similarities s, −s stands for d.
 *
 * <p>As τ → 0 it becomes 1 − AP, exactly where no distances are equal. The slope of σ is σ(1 −
 * σ)/τ: only samples about as far as a positive have a gradient. Without negatives it is 0.
 *
 * <p>Source: Brown et al., "Smooth-AP", ECCV 2020; in the distance form of CTU's lab.
 *
 * @param temperature τ; 0.01 in the paper, of cosines; 0.5 in the lab, of distances
 */
public record SmoothApLoss(double temperature, Distance distance) implements Loss {
  /** τ = 0.01, of cosines: the paper's. */
  public static SmoothApLoss usual() {
    return new SmoothApLoss(0.01, DotProduct.cosine());
  }

  /** Of Euclidean distances between vectors as they are: the lab's. */
  public static SmoothApLoss ofDistances(double temperature) {
    return new SmoothApLoss(temperature, LpDistance.plain());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    AnchorSets sets = new AnchorSets(batch.relation(), false);
    if (sets.used() == 0) {
      return List.of();
    }
    Tensor d = distance.of(batch.anchors(), batch.items());
    d = d.mul((distance.similarity() ? -1 : 1) / temperature);
    // fillings are infinitely far: no sample ranks behind them, and their own rank has weight 0
    Tensor near = sets.positives(d, AnchorSets.BIG);
    Tensor far = sets.negatives(d, AnchorSets.BIG);
    Tensor inPositives = Ranks.nearer(near, near).add(0.5); // 1 + Σ, less σ(0) = ½ of p itself
    Tensor inNegatives = Ranks.nearer(near, far);
    Tensor share = inNegatives.div(inPositives.add(inNegatives));
    return List.of(Terms.of(share.mul(sets.means()).sum(false, 1), sets.rows()));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.BATCH);
  }
}
