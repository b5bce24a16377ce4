package akin.nn.metric.rank;

import akin.nn.metric.AnchorSets;
import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import java.util.List;

/**
 * Penalises negatives that rank before positives. With cosines s, R_i = Σ_n σ((s_an − s_ai)/τ) is
 * about the number of negatives before item i, and
 *
 * <p>l(a) = mean of f(R_i) over the anchor's positives i and the anchor itself,
 *
 * <ul>
 *   <li>O: f(R) = R.
 *   <li>IU: f(R) = (1 + R) ln(1 + R), slope 1 + ln(1 + R), which grows without bound.
 *   <li>IB: f(R) = (bR − ln(1 + bR))/b², slope R/(1 + bR), which grows to 1/b.
 *   <li>DS: f(R) = ln(1 + R), slope 1/(1 + R), which falls slowly.
 *   <li>DQ: f(R) = 1 − (1 + R)^−α, slope α(1 + R)^(−α−1), which falls quickly.
 * </ul>
 *
 * <p>The mean over anchors that have a positive. ∂R_i/∂s_an = σ(1 − σ)/τ. Without negatives it is
 * 0. Items that are no anchors (a memory) have no "itself" among them.
 *
 * <p>Source: Li et al., "Rethinking the optimization of average precision: only penalizing negative
 * instances before positive ones is enough", AAAI 2022.
 *
 * @param b of IB; 2 is usual
 * @param alpha α of DQ; 1 is usual
 * @param temperature τ; 0.01 is usual
 */
public record PnpLoss(Variant variant, double b, double alpha, double temperature) implements Loss {
  private static final Distance COSINE = DotProduct.cosine();

  /** What becomes of the number of negatives before a positive. */
  public enum Variant {
    /** Itself. */
    O,
    /** A slope that increases unboundedly. */
    IU,
    /** A slope that increases to a bound. */
    IB,
    /** A slope that decreases slowly. */
    DS,
    /** A slope that decreases quickly. */
    DQ
  }

  /** O, b = 2, α = 1, τ = 0.01. */
  public static PnpLoss usual() {
    return new PnpLoss(Variant.O, 2, 1, 0.01);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    AnchorSets sets = new AnchorSets(batch.relation(), false);
    if (sets.used() == 0) {
      return List.of();
    }
    AnchorSets near = batch.own() ? sets.withThemselves() : sets;
    Tensor s = COSINE.of(batch.anchors(), batch.items()).div(temperature);
    Tensor i = near.positives(s, AnchorSets.BIG); // fillings: nothing ranks before infinity
    Tensor n = near.negatives(s, -AnchorSets.BIG);
    Tensor before = Ranks.nearer(i.neg(), n.neg());
    return List.of(Terms.of(penalty(before).mul(near.means()).sum(false, 1), near.rows()));
  }

  private Tensor penalty(Tensor before) {
    switch (variant) {
      case IU:
        return before.add(1).mul(before.log1p());
      case IB:
        Tensor more = before.mul(b);
        return more.sub(more.log1p()).div(b * b);
      case DS:
        return before.log1p();
      case DQ:
        return before.add(1).pow(-alpha).neg().add(1);
      default:
        return before;
    }
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.BATCH);
  }
}
