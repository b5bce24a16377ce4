package akin.retrieval.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Classification by the k nearest rows: each votes for its own class, the class with the most votes
 * wins, and of equals the one of the nearest row. Rows without a class do not vote.
 *
 * @param k how many rows vote
 * @param weighted whether a vote counts 1/d, d its distance; where rows lie at d = 0, they alone
 *     vote. Else every vote counts 1
 */
public record Votes(int k, boolean weighted) {
  /** {@code kNN@5} or {@code kNN-weighted@5}. */
  public String name() {
    return (weighted ? "kNN-weighted@" : "kNN@") + k;
  }

  /**
   * The class that wins; −1 if no row votes.
   *
   * @param rows nearest first, −1 where there are no more; at least k
   * @param distances theirs
   * @param classes of the gallery's rows
   */
  public int winner(int[] rows, float[] distances, int[] classes) {
    boolean exact = false;
    for (int i = 0; i < k && rows[i] >= 0; i++) {
      exact |= distances[i] == 0 && classes[rows[i]] >= 0;
    }
    Map<Integer, Double> votes = new LinkedHashMap<>(); // in order of the nearest row of each
    for (int i = 0; i < k && rows[i] >= 0; i++) {
      double vote = !weighted ? 1 : !exact ? 1 / (double) distances[i] : distances[i] == 0 ? 1 : 0;
      if (classes[rows[i]] >= 0) {
        votes.merge(classes[rows[i]], vote, Double::sum);
      }
    }
    int winner = -1;
    double most = -1;
    for (Map.Entry<Integer, Double> each : votes.entrySet()) {
      if (each.getValue() > most) {
        winner = each.getKey();
        most = each.getValue();
      }
    }
    return winner;
  }
}
