package akin.retrieval.metric;

import java.util.List;

/**
 * A curve of precision over recall. Queries with R = 0 are left out.
 *
 * @param recall the x-axis, rising
 * @param precision the y-axis, as long as {@code recall}
 */
public record PrecisionRecall(double[] recall, double[] precision) {

  /** Curves of many queries, one after the other; nothing is kept of a query but its sums. */
  public static final class Sums {
    private final long[] hits;
    private final double[] recall;
    private final double[] best = new double[11];
    private int queries;
    private int listed;

    /**
     * Of no queries yet.
     *
     * @param ranks the most rows that a ranking lists
     */
    public Sums(int ranks) {
      hits = new long[ranks];
      recall = new double[ranks];
    }

    /** Of some queries. */
    public static Sums of(List<RankedRelevance> rankings) {
      Sums sums = new Sums(rankings.stream().mapToInt(RankedRelevance::listed).max().orElse(0));
      rankings.forEach(sums::add);
      return sums;
    }

    /** Adds a query; sums run in the order of the calls. */
    public void add(RankedRelevance ranking) {
      if (ranking.relevant() == 0) {
        return;
      }
      queries++;
      listed = Math.max(listed, ranking.listed());
      int[] ranks = ranking.hits();
      for (int rank : ranks) {
        hits[rank - 1]++;
        recall[rank - 1] += 1.0 / ranking.relevant();
      }
      addBestPrecisions(ranks, ranking.relevant());
    }

    /** Adds the largest precision at recall ≥ r/10 to {@code best[r]}. It is attained at a hit. */
    private void addBestPrecisions(int[] ranks, int relevant) {
      int i = ranks.length;
      double largest = 0;
      for (int r = 10; r >= 0; r--) {
        // In whole numbers, so that 3 of 10 reaches 0.3 whatever a division rounds to.
        for (; i >= 1 && 10L * i >= (long) r * relevant; i--) {
          largest = Math.max(largest, (double) i / ranks[i - 1]);
        }
        best[r] += largest;
      }
    }

    /**
     * The full curve: point k (from 1 to the largest N) is the mean over queries of Recall@k =
     * (1/R)·Σ_{i≤k} rel_i and the mean of P@k. For one query these are all points of its curve.
     */
    public PrecisionRecall perRank() {
      // Both means are running sums over ranks: the divisors k·Q and Q do not depend on the query.
      double[] means = new double[listed];
      double[] precision = new double[listed];
      long found = 0;
      double recalled = 0;
      for (int k = 1; k <= listed; k++) {
        found += hits[k - 1];
        recalled += recall[k - 1];
        precision[k - 1] = (double) found / ((double) k * queries);
        means[k - 1] = recalled / queries;
      }
      return new PrecisionRecall(means, precision);
    }

    /**
     * The 11-point curve: at r = 0, 0.1 … 1 the mean over queries of the largest precision at any
     * rank where the recall is at least r; 0 where a cut ranking never reaches r.
     *
     * <p>Source: Manning, Raghavan, Schütze, "Introduction to Information Retrieval", 8.4.
     */
    public PrecisionRecall elevenPoints() {
      double[] at = new double[11];
      double[] precision = new double[11];
      for (int r = 0; r <= 10; r++) {
        at[r] = r / 10.0;
        precision[r] = best[r] / queries;
      }
      return new PrecisionRecall(at, precision);
    }
  }
}
