package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.UserError;
import java.util.Arrays;

/**
 * For each anchor every triplet of one of its farthest positives and one of its nearest negatives;
 * of equally far ones the first come first. Where labels may be wrong, the very hardest can be left
 * out: ranks 2 to 5 instead of 1 to 5. An anchor that has too few positives or negatives gives
 * fewer triplets, or none.
 *
 * <p>Source: the miner of n hard triplets of Open Metric Learning; with one of each, Hermans et
 * al., 2017.
 *
 * @param positives which of the positives, the farthest being rank 1
 * @param negatives which of the negatives, the nearest being rank 1
 */
public record HardestKMiner(Ranks positives, Ranks negatives, Distance distance) implements Miner {
  /**
   * Places in an order of hardness.
   *
   * @param from the first, at least 1
   * @param to the last, which belongs to them
   */
  public record Ranks(int from, int to) {
    /** Checks the order. */
    public Ranks {
      if (from < 1 || to < from) {
        throw UserError.of("ranks from " + from + " to " + to + " are none")
            .rule("the hardest has rank 1, and ranks go upward")
            .mend("give 1 ≤ from ≤ to");
      }
    }

    /** The {@code k} hardest. */
    public static Ranks hardest(int k) {
      return new Ranks(1, k);
    }

    private int[] of(int... items) {
      return Arrays.copyOfRange(
          items, Math.min(from - 1, items.length), Math.min(to, items.length));
    }
  }

  /** The hardest of each, Euclidean between normalised vectors. */
  public static HardestKMiner usual() {
    return new HardestKMiner(Ranks.hardest(1), Ranks.hardest(1), LpDistance.euclidean());
  }

  @Override
  public Triplets mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    return Triplets.each(
        batch.size(),
        a -> positives.of(d.descending(a, batch.relation().positives(a))),
        a -> negatives.of(d.ascending(a, batch.relation().negatives(a))));
  }
}
