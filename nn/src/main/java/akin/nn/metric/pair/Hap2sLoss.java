package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The hard-aware point-to-set loss of each anchor: a mean of its positives' distances, in which far
 * ones weigh most, against a mean of its negatives', in which near ones do,
 *
 * <p>l(a) = ln(1 + e^z), z = D⁺ − D⁻, or the hinge [z + m]₊, with D⁺ = Σ_p w⁺(D_ap)·D_ap / (Σ_p
 * w⁺(D_ap) + ε) and D⁻ alike over negatives,
 *
 * <p>their mean. Weights are computed by their logarithms and pass gradients on: with S = Σ w + ε,
 * ∂D^±/∂D_j = (w_j + (D_j − D^±)·w'_j)/S. D counts at least as much as 1e-6, below which it is a
 * constant. Anchors without positives or without negatives are skipped.
 *
 * <p>Source: Yu et al., "Hard-aware point-to-set deep metric for person re-identification", ECCV
 * 2018; ε and the floor of D: the CGD image retrieval project.
 *
 * @param epsilon ε; 1e-6 there, which lets far negatives fade; 0 in the paper
 */
public record Hap2sLoss(Weights weights, double epsilon, Penalty penalty, LpDistance distance)
    implements Loss {
  private static final double LARGEST = 100; // of D + 1 in a polynomial weight

  /**
   * How much a distance D weighs.
   *
   * @param polynomial whether w⁺ = min(D + 1, 100)^s and w⁻ = min(D + 1, 100)^(−2s); otherwise w⁺ =
   *     e^(s·D) and w⁻ = e^(−2s·D)
   * @param steepness s; 10 of polynomial weights is usual, 2 = 1/σ of exponential ones
   */
  public record Weights(boolean polynomial, double steepness) {
    /** min(D + 1, 100)^α. */
    public static Weights polynomial(double alpha) {
      return new Weights(true, alpha);
    }

    /** e^(D/σ). */
    public static Weights exponential(double sigma) {
      return new Weights(false, 1 / sigma);
    }

    /** ln w⁺. */
    private Tensor logarithms(Tensor d) {
      return (polynomial ? d.clamp(0, LARGEST - 1).log1p() : d).mul(steepness);
    }
  }

  /** Polynomial weights, α = 10, ε = 1e-6, soft margin, Euclidean between vectors as they are. */
  public static Hap2sLoss usual() {
    return new Hap2sLoss(Weights.polynomial(10), 1e-6, Penalty.softMargin(), LpDistance.plain());
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
    Tensor d =
        distance
            .of(batch.anchors(), batch.items())
            .clamp(BatchHardSoftMarginLoss.LEAST, Float.MAX_VALUE);
    Tensor logs = weights.logarithms(d);
    Tensor far = Cells.of(weighed(d, positives.only(logs)), used);
    Tensor near = Cells.of(weighed(d, negatives.only(logs.mul(-2))), used);
    return List.of(Terms.of(penalty.of(far.sub(near)), used));
  }

  /** Σ w·d / (Σ w + ε) of each row, of the weights' logarithms: [N, M] → [N]. */
  private Tensor weighed(Tensor d, Tensor logs) {
    if (epsilon == 0) {
      return logs.softmax(1).mul(d).sum(false, 1);
    }
    Tensor more = Tensor.full(Shape.of(d.dim(0), 1), Math.log(epsilon));
    Tensor shares = Tensor.concat(1, logs, more).softmax(1).slice(1, 0, d.dim(1));
    return shares.mul(d).sum(false, 1);
  }

  @Override
  public boolean takesUnitVectors() {
    return true;
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }
}
