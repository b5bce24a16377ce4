package akin.retrieval.train;

import akin.retrieval.metric.RankedRelevance;
import akin.retrieval.metric.Ranking;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.metric.TripletShares;
import java.util.Arrays;

/**
 * Counts easy, semi-hard and hard triplets, and sums losses, distances and positions, over many
 * batches.
 */
final class Triplets {
  private TripletShares shares = TripletShares.NONE;
  private double distances;
  private double positions;
  private long ranked;
  private double losses;
  private long weights;

  /** Counts triplets by d(a,p) and d(a,n). */
  void count(float[] positive, float[] negative, double margin) {
    shares = shares.plus(TripletShares.of(positive, negative, margin));
    for (int i = 0; i < positive.length; i++) {
      distances += (double) positive[i] + negative[i];
    }
  }

  /** Adds what another batch counted. */
  void add(Triplets other) {
    shares = shares.plus(other.shares);
    distances += other.distances;
    positions += other.positions;
    ranked += other.ranked;
  }

  /** Adds a batch's mean loss over {@code weight} items. */
  void loss(double loss, int weight) {
    losses += loss * weight;
    weights += weight;
  }

  /** Means over everything counted. */
  TrainingWarnings.Epoch epoch() {
    return new TrainingWarnings.Epoch(
        losses / weights, shares, distances / (2.0 * shares.total()), positions / ranked);
  }

  /**
   * Triplets of a batch with labels: every anchor among the first {@code anchors}, every other item
   * of its label, every item of another label; and the positions of the former.
   *
   * @param distance [B,B], row-major
   */
  static Triplets ofLabels(float[] distance, int[] labels, int anchors, double margin) {
    int b = labels.length;
    Triplets all = new Triplets();
    float[] positive = new float[b * b];
    float[] negative = new float[b * b];
    for (int a = 0; a < anchors; a++) {
      int n = 0;
      for (int i = 0; i < b; i++) {
        for (int j = 0; j < b; j++) {
          if (i != a && labels[i] == labels[a] && labels[j] != labels[a]) {
            positive[n] = distance[a * b + i];
            negative[n++] = distance[a * b + j];
          }
        }
      }
      all.rank(Arrays.copyOfRange(distance, a * b, (a + 1) * b), labels, a);
      all.count(Arrays.copyOf(positive, n), Arrays.copyOf(negative, n), margin);
    }
    return all;
  }

  /** Ranks the batch for an anchor, which itself stands at 0; without positives it is left out. */
  private void rank(float[] distances, int[] labels, int anchor) {
    boolean[] relevant = new boolean[labels.length - 1];
    int rank = 0;
    for (int item : Ranking.order(distances)) {
      if (item != anchor) {
        relevant[rank++] = labels[item] == labels[anchor];
      }
    }
    RankedRelevance ranking = RankedRelevance.of(relevant);
    if (ranking.relevant() > 0) {
      positions += ranking.averagePosition();
      ranked++;
    }
  }
}
