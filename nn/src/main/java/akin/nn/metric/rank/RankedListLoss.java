package akin.nn.metric.rank;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Relation;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Negatives are pushed beyond a radius α, positives pulled within a smaller one, α − m, and those
 * that are most wrong count most. With d Euclidean between normalised vectors,
 *
 * <p>l⁺(a) = Σ_p w_p (d_ap − α + m), w_p ∝ e^(T⁺(d_ap − α + m)), over positives with d_ap &gt; α −
 * m,
 *
 * <p>l⁻(a) = Σ_n w_n (α − d_an), w_n ∝ e^(T⁻(α − d_an)), over negatives with d_an &lt; α,
 *
 * <p>l(a) = (1 − λ) l⁺ + λ l⁻, each sum divided by that of its weights plus 1e-5 for every item of
 * the batch (as pytorch-metric-learning does; so an empty sum is 0); the mean over all anchors that
 * have a positive or a negative. Gradients flow through the weights: ∂l⁺/∂d_ap = w_p(1 + T⁺(d_ap −
 * α + m − l⁺)), and so for l⁻. The loss jumps where a sample crosses its radius.
 *
 * <p>Source: Wang et al., "Ranked list loss for deep metric learning", CVPR 2019.
 *
 * @param margin m; 0.4 in the paper
 * @param radius α; 1 + m/2 is usual
 * @param positiveHeat T⁺; 0 (all alike) is usual
 * @param negativeHeat T⁻; 10 in the paper
 * @param balance λ in [0, 1]; 0.5 is usual
 */
public record RankedListLoss(
    double margin, double radius, double positiveHeat, double negativeHeat, double balance)
    implements Loss {
  private static final double EPS = 1e-5;
  private static final Distance EUCLIDEAN = LpDistance.euclidean();

  /** m = 0.4, α = 1.2, T⁺ = 0, T⁻ = 10, λ = 0.5. */
  public static RankedListLoss usual() {
    return new RankedListLoss(0.4, 1.2, 0, 10, 0.5);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Relation relation = batch.relation();
    int[] used =
        IntStream.range(0, relation.anchors())
            .filter(a -> relation.positives(a).length + relation.negatives(a).length > 0)
            .toArray();
    if (used.length == 0) {
      return List.of();
    }
    Tensor d = EUCLIDEAN.of(batch.anchors(), batch.items());
    Tensor near =
        wrong(d.sub(radius - margin).relu(), mask(relation, relation::positive), positiveHeat);
    Tensor far =
        wrong(d.neg().add(radius).relu(), mask(relation, relation::negative), negativeHeat);
    Tensor l = near.mul(1 - balance).add(far.mul(balance));
    return List.of(Terms.of(l.gatherRows(used), used));
  }

  /** Σ w·by, w ∝ e^(heat·by) over the cells of the mask where by &gt; 0. */
  private static Tensor wrong(Tensor by, Tensor mask, double heat) {
    Tensor counted = by.greater(Tensor.scalar(0)).mul(mask);
    Tensor value = by.mul(counted);
    Tensor z = value.mul(heat);
    Tensor most = z.detach().amax(true, 1); // both parts of the fraction are divided by its power
    Tensor w = z.sub(most).exp().mul(counted);
    Tensor sum = w.sum(true, 1).add(most.neg().exp().mul(EPS * mask.dim(1)));
    return w.mul(value).sum(false, 1).div(sum.reshape(-1));
  }

  private interface Cell {
    boolean in(int anchor, int item);
  }

  /** [N, M]: 1 in the cells wanted, else 0. */
  private static Tensor mask(Relation relation, Cell wanted) {
    int m = relation.items();
    double[] mask = new double[relation.anchors() * m];
    for (int k = 0; k < mask.length; k++) {
      mask[k] = wanted.in(k / m, k % m) ? 1 : 0;
    }
    return Tensor.of(Shape.of(relation.anchors(), m), mask);
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.BATCH);
  }
}
