package akin.nn.metric;

import akin.tensor.Tensor;
import akin.tensor.backend.Distance;

/**
 * One minus a smooth average precision: with d Euclidean, σ(z) = 1/(1 + e⁻ᶻ) in place of a step,
 *
 * <p>R_p = 1 + Σ_{j≠p,a} σ((d_ap − d_aj)/τ) over all samples, R⁺_p the same over positives,
 *
 * <p>loss = mean over anchors a of (1/|P|) Σ_p (R_p − R⁺_p)/R_p.
 *
 * <p>As τ → 0 it becomes 1 − AP, exactly where no distances are equal. The slope of σ is σ(1 −
 * σ)/τ: only samples about as far as a positive have a gradient.
 *
 * <p>Source: Brown et al., "Smooth-AP", ECCV 2020; in the distance form of CTU's lab.
 *
 * @param temperature τ; 0.5 in the lab, 0.01 in the paper (of cosines)
 * @param anchors only the first so many samples are anchors; 0 for all. The lab takes 10
 */
public record SmoothApLoss(double temperature, int anchors) implements LabelLoss {
  @Override
  public LossValue of(Tensor features, int[] labels) {
    LabelLoss.check("Smooth-AP", features, labels);
    AnchorSets sets = new AnchorSets(labels, anchors, false);
    if (sets.used() == 0) {
      return LossValue.nothing(features, sets.skipped());
    }
    Tensor d = sets.anchors(features).distances(features, Distance.EUCLIDEAN).div(temperature);
    // fillings are infinitely far: no sample ranks behind them, and their own rank has weight 0
    Tensor near = sets.positives(d, AnchorSets.BIG);
    Tensor far = sets.negatives(d, AnchorSets.BIG);
    Tensor inPositives = near(near, near).add(0.5); // 1 + Σ, less σ(0) = ½ of p itself
    Tensor inNegatives = near(near, far);
    Tensor share = inNegatives.div(inPositives.add(inNegatives));
    return new LossValue(share.mul(sets.meanOfMeans()).sum(), sets.used(), sets.skipped());
  }

  /** Σ_j σ(d_i − d_j): how many of {@code others} [A, M] are nearer than each of d [A, P]. */
  private static Tensor near(Tensor d, Tensor others) {
    return d.reshape(d.dim(0), -1, 1).sub(others.reshape(d.dim(0), 1, -1)).sigmoid().sum(false, 2);
  }
}
