package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The triplet margin loss of a batch's triplets,
 *
 * <p>l(a,p,n) = [d_ap − d_an + m]₊, or softplus(d_ap − d_an + m) if smooth,
 *
 * <p>the mean of the non-zero ones. Where l &gt; 0: ∂l/∂d_ap = 1, ∂l/∂d_an = −1 (σ(…) and −σ(…) if
 * smooth). With swap, d_pn stands for d_an where it is nearer.
 *
 * <p>Source: Weinberger and Saul, JMLR 2009; Schroff et al., "FaceNet", CVPR 2015; swap: Balntas et
 * al., BMVC 2016.
 *
 * @param margin m; 0.05 is usual between normalised vectors
 * @param swap whether d_pn may stand for d_an; against other items, d_pn is that of two of them
 * @param smooth softplus instead of the hinge
 */
public record TripletLoss(double margin, boolean swap, boolean smooth, Distance distance)
    implements Loss {
  /** m = 0.05, Euclidean between normalised vectors, a hinge, no swap. */
  public static TripletLoss usual() {
    return new TripletLoss(0.05, false, false, LpDistance.euclidean());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Triplets t = batch.triplets();
    if (t.count() == 0) {
      return List.of();
    }
    Tensor d = distance.of(batch.anchors(), batch.items());
    Tensor near = Cells.of(d, t.anchors(), t.positives());
    Tensor far = Cells.of(d, t.anchors(), t.negatives());
    if (swap) {
      Tensor others = batch.within() ? d : distance.of(batch.items(), batch.items());
      Tensor swapped = Cells.of(others, t.positives(), t.negatives());
      far = distance.similarity() ? far.max(swapped) : far.min(swapped);
    }
    Tensor l = distance.farther(near, far).add(margin);
    return List.of(Terms.of(smooth ? l.softplus() : l.relu(), t.anchors()));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.TRIPLETS);
  }

  @Override
  public Reducer reducer() {
    return Reducer.NON_ZERO;
  }
}
