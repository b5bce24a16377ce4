package akin.retrieval.metric;

import java.util.List;

/**
 * A curve of precision over recall. Queries with R = 0 are left out.
 *
 * @param recall the x-axis, rising
 * @param precision the y-axis, as long as {@code recall}
 */
public record PrecisionRecall(double[] recall, double[] precision) {

  /**
   * The full curve: point k (from 1 to the largest N) is the mean over queries of Recall@k =
   * (1/R)·Σ_{i≤k} rel_i and the mean of P@k. For one query these are all points of its curve.
   */
  public static PrecisionRecall perRank(List<RankedRelevance> rankings) {
    List<RankedRelevance> kept = Scores.withRelevant(rankings);
    int n = kept.stream().mapToInt(RankedRelevance::listed).max().orElse(0);
    long[] hits = new long[n];
    double[] recall = new double[n];
    double[] precision = new double[n];
    for (RankedRelevance ranking : kept) {
      for (int rank : ranking.hits()) {
        hits[rank - 1]++;
        recall[rank - 1] += 1.0 / ranking.relevant();
      }
    }
    // Both means are running sums over ranks: the divisors k·Q and Q do not depend on the query.
    long found = 0;
    double recalled = 0;
    for (int k = 1; k <= n; k++) {
      found += hits[k - 1];
      recalled += recall[k - 1];
      precision[k - 1] = (double) found / ((double) k * kept.size());
      recall[k - 1] = recalled / kept.size();
    }
    return new PrecisionRecall(recall, precision);
  }

  /**
   * The 11-point curve: at r = 0, 0.1 … 1 the mean over queries of the largest precision at any
   * rank where the recall is at least r; 0 where a cut ranking never reaches r.
   *
   * <p>Source: Manning, Raghavan, Schütze, "Introduction to Information Retrieval", 8.4.
   */
  public static PrecisionRecall elevenPoints(List<RankedRelevance> rankings) {
    List<RankedRelevance> kept = Scores.withRelevant(rankings);
    double[] recall = new double[11];
    double[] precision = new double[11];
    for (RankedRelevance ranking : kept) {
      addBestPrecisions(ranking, precision);
    }
    for (int r = 0; r <= 10; r++) {
      recall[r] = r / 10.0;
      precision[r] /= kept.size();
    }
    return new PrecisionRecall(recall, precision);
  }

  /** Adds the largest precision at recall ≥ r/10 to {@code sums[r]}. It is attained at a hit. */
  private static void addBestPrecisions(RankedRelevance ranking, double[] sums) {
    int[] hits = ranking.hits();
    int i = hits.length;
    double best = 0;
    for (int r = 10; r >= 0; r--) {
      // In whole numbers, so that 3 of 10 reaches 0.3 whatever a division rounds to.
      for (; i >= 1 && 10L * i >= (long) r * ranking.relevant(); i--) {
        best = Math.max(best, (double) i / hits[i - 1]);
      }
      sums[r] += best;
    }
  }
}
