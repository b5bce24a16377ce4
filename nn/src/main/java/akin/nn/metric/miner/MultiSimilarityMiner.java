package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Pairs;
import akin.nn.metric.distance.DotProduct;

/**
 * The pairs that are hard beside their anchor's other pairs: with similarities s, a positive if
 * s_ap &lt; max_n s_an + ε, a negative if s_an &gt; min_p s_ap − ε; with distances the other way
 * round. An anchor without positives or without negatives has no pairs.
 *
 * <p>Source: Wang et al., "Multi-similarity loss with general pair weighting", CVPR 2019.
 *
 * @param epsilon ε; 0.1 is usual
 */
public record MultiSimilarityMiner(double epsilon, Distance distance) implements Miner {
  /** ε = 0.1, cosines. */
  public static MultiSimilarityMiner usual() {
    return new MultiSimilarityMiner(0.1, DotProduct.cosine());
  }

  @Override
  public Pairs mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    double[] nearest = new double[batch.size()]; // of the negatives
    double[] farthest = new double[batch.size()]; // of the positives
    for (int a = 0; a < nearest.length; a++) {
      int n = d.nearest(a, batch.relation().negatives(a));
      int p = d.farthest(a, batch.relation().positives(a));
      nearest[a] = n < 0 ? Double.POSITIVE_INFINITY : d.of(a, n);
      farthest[a] = p < 0 ? Double.NEGATIVE_INFINITY : d.of(a, p);
    }
    Pairs all = Pairs.all(batch.relation());
    return all.only(
        k -> d.of(all.anchors()[k], all.positives()[k]) + epsilon > nearest[all.anchors()[k]],
        k ->
            d.of(all.negativeAnchors()[k], all.negatives()[k]) - epsilon
                < farthest[all.negativeAnchors()[k]]);
  }
}
