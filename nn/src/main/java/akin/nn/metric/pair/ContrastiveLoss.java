package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import java.util.List;

/**
 * The contrastive loss: positives are pulled closer than one margin, negatives pushed beyond
 * another,
 *
 * <p>l(a,p) = [d_ap − m_p]₊, l(a,n) = [m_n − d_an]₊,
 *
 * <p>the mean of the non-zero ones of each kind, added. ∂l/∂d_ap = 1 and ∂l/∂d_an = −1 beyond the
 * margins, 0 elsewhere. With similarities the signs turn over.
 *
 * <p>Source: Hadsell, Chopra, LeCun, "Dimensionality reduction by learning an invariant mapping",
 * CVPR 2006; of signal-to-noise ratios: Yuan et al., CVPR 2019.
 *
 * @param positive m_p; 0 is usual, with cosines 1
 * @param negative m_n; 1 is usual, with cosines 0
 */
public record ContrastiveLoss(double positive, double negative, Distance distance) implements Loss {
  /** m_p = 0, m_n = 1, Euclidean between normalised vectors. */
  public static ContrastiveLoss usual() {
    return new ContrastiveLoss(0, 1, LpDistance.euclidean());
  }

  /** The signal-to-noise ratio contrastive loss: m_p = 0, m_n = 1, between normalised vectors. */
  public static ContrastiveLoss signalToNoise() {
    return new ContrastiveLoss(0, 1, new SnrDistance(true));
  }

  @Override
  public List<Terms> terms(Batch batch) {
    return PairTerms.of(
        batch,
        distance.of(batch.anchors(), batch.items()),
        near -> distance.farther(near, positive).relu(),
        far -> distance.farther(far, negative).neg().relu());
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }

  @Override
  public Reducer reducer() {
    return Reducer.NON_ZERO;
  }
}
