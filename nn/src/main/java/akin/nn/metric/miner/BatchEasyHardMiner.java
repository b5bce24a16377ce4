package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Miner;
import akin.nn.metric.Pairs;
import akin.nn.metric.Relation;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.UserError;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * For each anchor one positive and one negative, each picked by a rule of its own:
 *
 * <ul>
 *   <li>EASY: the nearest positive, the farthest negative,
 *   <li>HARD: the farthest positive, the nearest negative,
 *   <li>SEMI_HARD, of a negative: the nearest that is farther than the positive picked; of a
 *       positive: the farthest that is nearer than the negative picked,
 *   <li>ALL: no picking, every pair of that sign.
 * </ul>
 *
 * <p>Of equally far ones the first. Who lies outside the allowed range is not picked; ALL takes
 * them all the same. An anchor of which one is missing has no pair, unless the other side is ALL:
 * then each side stands for itself.
 *
 * <p>Source: Xuan, Stylianou, Pless, "Improved embeddings with easy positive triplet mining", WACV
 * 2020.
 *
 * @param allowedPositives distances (or similarities) to positives that may be picked
 * @param allowedNegatives the same of negatives
 */
public record BatchEasyHardMiner(
    Pick positive, Pick negative, Range allowedPositives, Range allowedNegatives, Distance distance)
    implements Miner {
  /** Rules of picking. */
  public enum Pick {
    /** What a loss has least work with. */
    EASY,
    /** The hardest that still is on the right side of the other one picked. */
    SEMI_HARD,
    /** What a loss has most work with. */
    HARD,
    /** Everyone. */
    ALL
  }

  /** Numbers from {@code least} to {@code most}, both included. */
  public record Range(double least, double most) {
    /** Every number. */
    public static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    private boolean has(double number) {
      return number >= least && number <= most;
    }
  }

  /** Checks that a semi-hard one has another to be measured by. */
  public BatchEasyHardMiner {
    Objects.requireNonNull(allowedPositives);
    Objects.requireNonNull(allowedNegatives);
    boolean alone = positive == Pick.SEMI_HARD || positive == Pick.ALL;
    boolean other = negative == Pick.SEMI_HARD || negative == Pick.ALL;
    if (alone && other && (positive != Pick.ALL || negative != Pick.ALL)) {
      throw UserError.of("positives " + positive + " and negatives " + negative + " do not go")
          .rule("a semi-hard one is picked by the distance of the other, which is easy or hard")
          .mend("pick the other easy or hard");
    }
  }

  /** Easy positives, semi-hard negatives, no ranges, Euclidean between normalised vectors. */
  public static BatchEasyHardMiner usual() {
    return of(Pick.EASY, Pick.SEMI_HARD);
  }

  /** No ranges, Euclidean between normalised vectors. */
  public static BatchEasyHardMiner of(Pick positive, Pick negative) {
    return new BatchEasyHardMiner(positive, negative, Range.ANY, Range.ANY, LpDistance.euclidean());
  }

  @Override
  public Pairs mine(Batch batch) {
    Farness d = Farness.of(distance, batch);
    int[] p = new int[batch.size()];
    int[] n = new int[batch.size()];
    for (int a = 0; a < p.length; a++) {
      pick(a, batch.relation(), d, p, n);
    }
    Pairs all = Pairs.all(batch.relation());
    return all.only(
        k -> positive == Pick.ALL || all.positives()[k] == p[all.anchors()[k]],
        k -> negative == Pick.ALL || all.negatives()[k] == n[all.negativeAnchors()[k]]);
  }

  /** Sets p[a] and n[a]; −1 for none. */
  private void pick(int a, Relation relation, Farness d, int[] p, int[] n) {
    int[] near = allowed(a, relation.positives(a), d, allowedPositives);
    int[] far = allowed(a, relation.negatives(a), d, allowedNegatives);
    p[a] = positive == Pick.EASY ? d.nearest(a, near) : d.farthest(a, near);
    n[a] = negative == Pick.EASY ? d.farthest(a, far) : d.nearest(a, far);
    boolean both = p[a] >= 0 && n[a] >= 0;
    if (positive == Pick.SEMI_HARD && both) {
      double bound = d.of(a, n[a]);
      p[a] = d.farthest(a, IntStream.of(near).filter(i -> d.of(a, i) < bound).toArray());
    }
    if (negative == Pick.SEMI_HARD && both) {
      double bound = d.of(a, p[a]);
      n[a] = d.nearest(a, IntStream.of(far).filter(i -> d.of(a, i) > bound).toArray());
    }
    boolean apart = positive == Pick.ALL || negative == Pick.ALL;
    if (!apart && (p[a] < 0 || n[a] < 0)) {
      p[a] = -1;
      n[a] = -1;
    }
  }

  private int[] allowed(int a, int[] items, Farness d, Range range) {
    return IntStream.of(items).filter(i -> range.has(Farness.of(distance, d.of(a, i)))).toArray();
  }
}
