package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The tuplet margin loss of each positive pair, θ the angles between vectors,
 *
 * <p>l(a,p) = ln( 1 + Σ_n e^(s·(cos θ_an − cos(θ_ap − β))) ),
 *
 * <p>n over the anchor's negatives; their mean. With q_n = e^(…)/(1 + Σ e^(…)): ∂l/∂cos θ_an =
 * s·q_n, ∂l/∂cos θ_ap = −s·Σ q_n·sin(θ_ap − β)/sin θ_ap. sin θ_ap counts at least as much as 1e-3,
 * below which it is a constant. A pair whose anchor has no negative adds 0; without any negatives
 * all anchors are skipped.
 *
 * <p>Source: Yu and Tao, "Deep metric learning with tuplet margin loss", ICCV 2019.
 *
 * @param degrees β; 5.73 (0.1 rad) is usual
 * @param scale s; 64 is usual
 */
public record TupletMarginLoss(double degrees, double scale) implements Loss {
  private static final double LEAST = 1e-6; // of sin²: its root's slope at 0 is infinite

  /** β = 5.73°, s = 64. */
  public static TupletMarginLoss usual() {
    return new TupletMarginLoss(5.73, 64);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    if (pairs.anchors().length == 0 || pairs.negatives().length == 0) {
      return List.of();
    }
    Tensor cosines = DotProduct.cosine().of(batch.anchors(), batch.items());
    Tensor near = turned(Cells.of(cosines, pairs.anchors(), pairs.positives()));
    Tensor far =
        PairCells.counted(batch, pairs.negativeAnchors(), pairs.negatives())
            .logSumExp(cosines.mul(scale));
    Tensor l = LogSumExp.onePlus(Cells.of(far, pairs.anchors()).sub(near.mul(scale)));
    return List.of(Terms.of(l, pairs.anchors()));
  }

  /** cos(θ − β) = cos θ·cos β + sin θ·sin β. */
  private Tensor turned(Tensor cosine) {
    double beta = Math.toRadians(degrees);
    Tensor sine = cosine.square().neg().add(1).clamp(LEAST, 1).sqrt();
    return cosine.mul(Math.cos(beta)).add(sine.mul(Math.sin(beta)));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }
}
