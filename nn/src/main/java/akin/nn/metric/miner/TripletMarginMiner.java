package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;

/**
 * The triplets of one kind, by how much farther the negative is than the positive, g = d_an − d_ap
 * (s_ap − s_an of similarities):
 *
 * <ul>
 *   <li>ALL that a loss with margin m learns from: g ≤ m,
 *   <li>HARD: g ≤ 0, equal distances included,
 *   <li>SEMI_HARD: 0 &lt; g ≤ m,
 *   <li>EASY: g &gt; m.
 * </ul>
 *
 * <p>HARD and SEMI_HARD make up ALL; with EASY they make up every triplet of the batch, if m ≥ 0.
 * No triplet if none is of the kind. Of tuples that are chosen already, it keeps those of the kind.
 *
 * <p>Source: Schroff et al., "FaceNet", CVPR 2015.
 *
 * @param margin m; 0.2 is usual
 */
public record TripletMarginMiner(double margin, Kind kind, Distance distance) implements Miner {
  /** Kinds of triplets. */
  public enum Kind {
    /** Within the margin. */
    ALL,
    /** The negative is no farther than the positive. */
    HARD,
    /** The negative is farther, but not by more than the margin. */
    SEMI_HARD,
    /** The negative is farther by more than the margin. */
    EASY
  }

  /** m = 0.2, all within it, Euclidean between normalised vectors. */
  public static TripletMarginMiner usual() {
    return new TripletMarginMiner(0.2, Kind.ALL, LpDistance.euclidean());
  }

  @Override
  public Triplets mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    Triplets all = batch.triplets();
    return all.only(
        t ->
            wanted(
                d.of(all.anchors()[t], all.negatives()[t])
                    - d.of(all.anchors()[t], all.positives()[t])));
  }

  private boolean wanted(double gap) {
    switch (kind) {
      case HARD:
        return gap <= 0 && gap <= margin;
      case SEMI_HARD:
        return gap > 0 && gap <= margin;
      case EASY:
        return gap > margin;
      default:
        return gap <= margin;
    }
  }
}
