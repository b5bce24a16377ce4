package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;

/**
 * For each anchor one triplet, its farthest positive and its nearest negative; of equally far ones
 * the first. An anchor without a positive or without a negative has none.
 *
 * <p>Source: Hermans, Beyer, Leibe, "In defense of the triplet loss for person re-identification",
 * 2017.
 */
public record BatchHardMiner(Distance distance) implements Miner {
  /** Euclidean between normalised vectors. */
  public static BatchHardMiner usual() {
    return new BatchHardMiner(LpDistance.euclidean());
  }

  @Override
  public Triplets mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    return Triplets.each(
        batch.size(),
        a -> Farness.single(d.farthest(a, batch.relation().positives(a))),
        a -> Farness.single(d.nearest(a, batch.relation().negatives(a))));
  }
}
