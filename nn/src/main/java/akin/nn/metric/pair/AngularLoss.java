package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Norm;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The angular loss of each positive pair: the angle at a negative, in the triangle with the pair,
 * should stay below α. With t = tan²α, â and p̂ normalised, n as it is,
 *
 * <p>f_n = 4t·(â + p̂)·n − 2(1 + t)·â·p̂, l(a,p) = ln(1 + Σ_n e^(f_n)),
 *
 * <p>n over all of the anchor's negatives, whatever was mined; the mean over pairs. With q_n =
 * e^(f_n)/(1 + Σ e^f): ∂l/∂n = 4t·q_n·(â + p̂), ∂l/∂â = Σ q_n·(4t·n − 2(1 + t)·p̂), and p̂ alike.
 * Without any negative pairs all anchors are skipped.
 *
 * <p>Source: Wang et al., "Deep metric learning with angular loss", ICCV 2017.
 *
 * @param degrees α; 40 is usual, 36 to 55 in the paper
 */
public record AngularLoss(double degrees) implements Loss {
  /** α = 40°. */
  public static AngularLoss usual() {
    return new AngularLoss(40);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    if (pairs.anchors().length == 0 || pairs.negatives().length == 0) {
      return List.of();
    }
    double t = Math.pow(Math.tan(Math.toRadians(degrees)), 2);
    int[] a = pairs.anchors();
    int[] p = pairs.positives();
    Tensor anchors = Norm.unitRows(batch.anchors());
    Tensor items = batch.within() ? anchors : Norm.unitRows(batch.items());
    Tensor both = anchors.gatherRows(a).add(items.gatherRows(p)); // [P, D]
    Tensor near = Cells.of(anchors.matmul(items, false, true), a, p).mul(2 * (1 + t));
    Tensor all = both.matmul(batch.items(), false, true).mul(4 * t); // [P, M]
    Tensor far = LogSumExp.of(all.add(negatives(batch).gatherRows(a))).reshape(a.length);
    return List.of(Terms.of(LogSumExp.onePlus(far.sub(near)), a));
  }

  /** [N, M]: 0 at negatives, nothing elsewhere. */
  private static Tensor negatives(Batch batch) {
    Pairs all = Pairs.all(batch.relation());
    Tensor zeros = Tensor.zeros(Shape.of(batch.size(), batch.items().dim(0)));
    return PairCells.once(batch, all.negativeAnchors(), all.negatives()).only(zeros);
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
