package akin.nn.metric;

import akin.tensor.ShapeException;
import akin.tensor.Tensor;

/**
 * The triplet margin loss of given triplets: l = [m + d(a,p) − d(a,n)]₊ with d(x,y) = (Σ|x − y +
 * eps|ᵖ)^(1/p), as PyTorch's.
 *
 * <p>Where l &gt; 0 and p = 2: ∂l/∂a = (a − p)/d(a,p) − (a − n)/d(a,n), ∂l/∂p = −(a − p)/d(a,p),
 * ∂l/∂n = (a − n)/d(a,n); elsewhere 0.
 *
 * <p>Source: Balntas et al., "Learning local feature descriptors with triplets", BMVC 2016.
 *
 * @param margin m
 * @param p norm, ≥ 1
 * @param swap whether d(p,n) replaces d(a,n) where it is smaller
 * @param eps added to each coordinate's difference; 1e-6 in PyTorch
 */
public record TripletMarginLoss(
    double margin, double p, boolean swap, double eps, Reduction reduction) {
  /** Euclidean, no swap, mean. */
  public static TripletMarginLoss of(double margin) {
    return new TripletMarginLoss(margin, 2, false, 1e-6, Reduction.MEAN);
  }

  /** The loss of anchors, positives and negatives, [N, D] each: shape [], or [N] unreduced. */
  public Tensor of(Tensor anchors, Tensor positives, Tensor negatives) {
    ShapeException.check(
        anchors.shape().rank() == 2
            && anchors.dim(0) > 0
            && anchors.shape().equals(positives.shape())
            && anchors.shape().equals(negatives.shape()),
        () ->
            ShapeException.of("triplet margin loss: the three differ")
                .with("anchors", anchors.shape())
                .with("positives", positives.shape())
                .with("negatives", negatives.shape())
                .needed("[N, D] each, N ≥ 1"));
    Tensor far = distance(anchors, negatives);
    if (swap) {
      far = far.min(distance(positives, negatives));
    }
    return reduction.of(distance(anchors, positives).sub(far).add(margin).relu());
  }

  /** d of each row: [N, D], [N, D] → [N]. */
  public Tensor distance(Tensor x, Tensor y) {
    Tensor difference = x.sub(y).add(eps);
    if (p == 1) {
      return difference.abs().sum(false, 1);
    }
    if (p == 2) {
      return Norm.root(difference.square().sum(false, 1), p, 1);
    }
    return Norm.root(difference.abs().pow(p).sum(false, 1), p, 1);
  }
}
