package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Pairs;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.UserError;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The hardest share of a batch: of P positive pairs the ⌈share·P⌉ farthest, of all negative pairs
 * likewise the nearest; of equally far ones the first, by anchor, then item. Of tuples that are
 * chosen already, it keeps that share, so one miner can stand behind another, as in a cascade.
 *
 * <p>Source: Yuan, Yang, Zhang, "Hard-aware deeply cascaded embedding", ICCV 2017.
 *
 * @param share above 0, at most 1; 0.5 is usual
 */
public record HdcMiner(double share, Distance distance) implements Miner {
  /** Checks the share. */
  public HdcMiner {
    if (!(share > 0 && share <= 1)) {
      throw UserError.of("a share of " + share + " of the pairs cannot be kept")
          .rule("a share is above 0 and at most 1")
          .mend("give such a share; 0.5 is usual");
    }
  }

  /** Half, Euclidean between normalised vectors. */
  public static HdcMiner usual() {
    return new HdcMiner(0.5, LpDistance.euclidean());
  }

  @Override
  public Pairs mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    Pairs all = batch.pairs();
    return all.only(
        least(all.anchors().length, k -> -d.of(all.anchors()[k], all.positives()[k])),
        least(all.negatives().length, k -> d.of(all.negativeAnchors()[k], all.negatives()[k])));
  }

  /** Whether a pair is among the share of {@code count} pairs with the least {@code key}. */
  private IntPredicate least(int count, IntToDoubleFunction key) {
    boolean[] kept = new boolean[count];
    IntStream.range(0, count)
        .boxed()
        .sorted(Comparator.comparingDouble(key::applyAsDouble))
        .limit((long) Math.ceil(share * count))
        .forEach(k -> kept[k] = true);
    return k -> kept[k];
  }
}
