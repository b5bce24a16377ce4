package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Neighbourhood components analysis: of each anchor, how surely a random neighbour is a positive,
 *
 * <p>l(a) = −ln( Σ_p e^(−c·d_ap) / Σ_j e^(−c·d_aj) ), j over positives and negatives,
 *
 * <p>their mean. With q the softmax over j, r that over positives: ∂l/∂d_aj = c·(r_j − q_j). With
 * similarities, −s stands for d. It looks at the whole batch; mined tuples weigh its anchors.
 * Anchors without positives are skipped; without negatives l = 0.
 *
 * <p>Source: Goldberger et al., "Neighbourhood components analysis", NIPS 2004.
 *
 * @param scale c; 1 is usual
 */
public record NcaLoss(double scale, Distance distance) implements Loss {
  /** c = 1, squared Euclidean between normalised vectors. */
  public static NcaLoss usual() {
    return new NcaLoss(1, LpDistance.squared());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = Pairs.all(batch.relation());
    PairCells positives = PairCells.once(batch, pairs.anchors(), pairs.positives());
    PairCells all = PairCells.once(batch, pairs);
    int[] used = positives.anchors();
    if (used.length == 0) {
      return List.of();
    }
    Tensor d = distance.of(batch.anchors(), batch.items());
    Tensor s = d.mul(distance.similarity() ? scale : -scale);
    Tensor l = Cells.of(all.logSumExp(s).sub(positives.logSumExp(s)), used);
    return List.of(Terms.of(l.mul(weights(batch, used)), used));
  }

  private static Tensor weights(Batch batch, int[] used) {
    double[] all = batch.weights();
    return Tensor.of(Shape.of(used.length), IntStream.of(used).mapToDouble(a -> all[a]).toArray());
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.WEIGHTS);
  }
}
