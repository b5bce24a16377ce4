package akin.nn.metric.miner;

import akin.nn.metric.Batch;
import akin.nn.metric.Miner;
import akin.nn.metric.Relation;
import akin.nn.metric.Triplets;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Negatives at all distances alike: for each pair of an anchor and a positive one negative, drawn
 * with probability ∝ 1/q(d_an). On the unit sphere of D dimensions points spread evenly lie at
 * distance d with density
 *
 * <p>q(d) ∝ d^(D−2) · (1 − d²/4)^((D−3)/2).
 *
 * <p>Distances below a cutoff count as the cutoff, and negatives from a second cutoff on, whose
 * loss would be 0 anyway, are not drawn. An anchor whose negatives all lie there draws from all of
 * them alike; one without negatives or positives has no triplet.
 *
 * <p>Drawn from the batch's noise: the same noise gives the same triplets.
 *
 * <p>Source: Wu et al., "Sampling matters in deep embedding learning", ICCV 2017.
 *
 * @param cutoff the least d in q; 0.5 is usual
 * @param farthest negatives lie nearer than this; 1.4 is usual, and 2 is opposite
 */
public record DistanceWeightedMiner(double cutoff, double farthest) implements Miner {
  /** Checks that distances are left. */
  public DistanceWeightedMiner {
    if (!(cutoff > 0 && cutoff < 2 && farthest > cutoff)) {
      throw UserError.of("no negative lies between " + cutoff + " and " + farthest)
          .rule("unit vectors are 0 to 2 apart; the cutoff is above 0 and below the farthest")
          .mend("give 0 < cutoff < farthest; 0.5 and 1.4 are usual");
    }
  }

  /** From 0.5 to 1.4. */
  public static DistanceWeightedMiner usual() {
    return new DistanceWeightedMiner(0.5, 1.4);
  }

  @Override
  public Triplets mine(Batch batch) {
    Relation relation = batch.relation();
    double[][] probabilities = probabilities(batch);
    IntStream.Builder anchors = IntStream.builder();
    IntStream.Builder positives = IntStream.builder();
    IntStream.Builder negatives = IntStream.builder();
    for (int a = 0; a < batch.size(); a++) {
      int[] near = relation.positives(a);
      int[] far = relation.negatives(a);
      RandomStream noise = batch.noise().child("distance weighted").child(a);
      for (int k = 0; k < near.length && far.length > 0; k++) {
        anchors.add(a);
        positives.add(near[k]);
        negatives.add(draw(far, probabilities[a], noise, k));
      }
    }
    return new Triplets(
        anchors.build().toArray(), positives.build().toArray(), negatives.build().toArray());
  }

  private static int draw(int[] far, double[] probabilities, RandomStream noise, int k) {
    double at = noise.uniform(k);
    int last = -1; // stands in where the sum stays below 1 by rounding
    for (int item : far) {
      if (probabilities[item] > 0) {
        last = item;
        at -= probabilities[item];
        if (at < 0) {
          return item;
        }
      }
    }
    return last >= 0 ? last : far[noise.below(k, far.length)];
  }

  /** The probability of every item to be drawn for every anchor: N × M; a row sums to 1 or is 0. */
  public double[][] probabilities(Batch batch) {
    Farness d = Farness.of(LpDistance.euclidean(), batch);
    int dimension = batch.anchors().dim(1);
    double[][] all = new double[batch.size()][batch.items().dim(0)];
    for (int a = 0; a < all.length; a++) {
      int anchor = a;
      int[] drawn =
          IntStream.of(batch.relation().negatives(a))
              .filter(n -> Math.max(cutoff, d.of(anchor, n)) < Math.min(2, farthest))
              .toArray();
      double[] logs =
          IntStream.of(drawn)
              .mapToDouble(n -> logWeight(Math.max(cutoff, d.of(anchor, n)), dimension))
              .toArray();
      double largest = Arrays.stream(logs).max().orElse(0);
      double sum = Arrays.stream(logs).map(l -> StrictMath.exp(l - largest)).sum();
      for (int k = 0; k < drawn.length; k++) {
        all[a][drawn[k]] = StrictMath.exp(logs[k] - largest) / sum;
      }
    }
    return all;
  }

  /** −ln q(d), but for a constant. */
  private static double logWeight(double d, int dimension) {
    return (2 - dimension) * StrictMath.log(d)
        - (dimension - 3) / 2.0 * StrictMath.log(1 - d * d / 4);
  }
}
