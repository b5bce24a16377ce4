package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The batch-hard loss of each anchor: its farthest positive against its nearest negative,
 *
 * <p>l(a) = ln(1 + e^z), z = max_p D_ap − min_n D_an, or the hinge [z + m]₊,
 *
 * <p>their mean. ∂l/∂D of the two distances is ±σ(z), or ±1 where the hinge is open; of ties, they
 * share it. D counts at least as much as 1e-6, below which it is a constant. Anchors without
 * positives or without negatives are skipped.
 *
 * <p>Source: Hermans, Beyer, Leibe, "In defense of the triplet loss for person re-identification",
 * 2017; the floor: the CGD image retrieval project.
 */
public record BatchHardSoftMarginLoss(Penalty penalty, LpDistance distance) implements Loss {
  /** The least distance. */
  static final double LEAST = 1e-6;

  /** Soft margin, Euclidean between vectors as they are. */
  public static BatchHardSoftMarginLoss usual() {
    return new BatchHardSoftMarginLoss(Penalty.softMargin(), LpDistance.plain());
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
    Tensor d = distance.of(batch.anchors(), batch.items()).clamp(LEAST, Float.MAX_VALUE);
    Tensor farthest = Cells.of(positives.only(d).amax(false, 1), used);
    Tensor nearest = Cells.of(negatives.only(d.neg()).amax(false, 1), used).neg();
    return List.of(Terms.of(penalty.of(farthest.sub(nearest)), used));
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
