package akin.nn.metric;

import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import akin.tensor.op.TripletHinge;

/**
 * The lab's triplet loss over all triplets of a batch: for every anchor a, every positive p ≠ a and
 * every negative n,
 *
 * <p>l(a,p,n) = [d²(a,p) − d²(a,n) + m]₊, d² the squared Euclidean distance of the features as
 * given (normalise them first).
 *
 * <p>Each non-zero triplet adds 2(n − p) to the gradient of a, 2(p − a) to that of p and 2(a − n)
 * to that of n, times what the reduction multiplies with.
 *
 * <p>Source: CTU course BEV033DLE, lab "metric learning"; Schroff et al., "FaceNet", CVPR 2015.
 *
 * @param margin m, between 0 and 2 for features with coordinates ≥ 0; 0.5 in the lab
 * @param anchors only the first so many samples are anchors; 0 for all. The lab takes 10
 * @param over what the sum of all l is divided by
 */
public record AllTripletsLoss(double margin, int anchors, Over over) implements LabelLoss {
  /** What the sum over triplets is divided by. */
  public enum Over {
    /** Nothing: the lab's sum. */
    ONE,
    /** The number of anchors looked at. */
    ANCHORS,
    /** The number of triplets. */
    TRIPLETS,
    /** The number of triplets with l &gt; 0, a constant for the gradient; 1 if there is none. */
    NON_ZERO
  }

  /** All samples are anchors; mean of the non-zero ones. */
  public static AllTripletsLoss of(double margin) {
    return new AllTripletsLoss(margin, 0, Over.NON_ZERO);
  }

  @Override
  public LossValue of(Tensor features, int[] labels) {
    Batch batch = Batch.of(features, labels).first(anchors);
    AnchorSets sets = new AnchorSets(batch.relation(), true);
    if (sets.used() == 0) {
      return LossValue.nothing(features, sets.skipped());
    }
    Tensor d = batch.anchors().distances(features, Distance.SQUARED);
    // fillings −∞ for positives, +∞ for negatives: their triplets are 0
    Tensor near = sets.positives(d, -AnchorSets.BIG);
    Tensor far = sets.negatives(d, AnchorSets.BIG);
    Tensor hinges = Tensor.apply(new TripletHinge(margin), near, far); // [2, A]
    return new LossValue(reduce(hinges, sets), sets.used(), sets.skipped());
  }

  private Tensor reduce(Tensor hinges, AnchorSets sets) {
    Tensor sum = hinges.slice(0, 0, 1).sum();
    switch (over) {
      case ANCHORS:
        return sum.div(sets.considered());
      case TRIPLETS:
        return sum.div(sets.triplets());
      case NON_ZERO:
        Tensor one = Tensor.scalar(1);
        return sum.div(hinges.slice(0, 1, 2).sum().max(one));
      default:
        return sum;
    }
  }
}
