package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Pairs;
import akin.nn.metric.distance.LpDistance;

/**
 * The pairs on the wrong side of a margin: positives with d_ap &gt; m_p, negatives with d_an &lt;
 * m_n (s_ap &lt; m_p, s_an &gt; m_n of similarities). No pair if all are where they should be. Of
 * tuples that are chosen already, it keeps those.
 *
 * <p>Source: the pairs with a non-zero contrastive loss of Hadsell, Chopra, LeCun, CVPR 2006.
 *
 * @param positive m_p; 0.2 is usual
 * @param negative m_n; 0.8 is usual
 */
public record PairMarginMiner(double positive, double negative, Distance distance)
    implements Miner {
  /** m_p = 0.2, m_n = 0.8, Euclidean between normalised vectors. */
  public static PairMarginMiner usual() {
    return new PairMarginMiner(0.2, 0.8, LpDistance.euclidean());
  }

  @Override
  public Pairs mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    double near = Farness.of(distance, positive);
    double far = Farness.of(distance, negative);
    Pairs all = batch.pairs();
    return all.only(
        k -> d.of(all.anchors()[k], all.positives()[k]) > near,
        k -> d.of(all.negativeAnchors()[k], all.negatives()[k]) < far);
  }
}
