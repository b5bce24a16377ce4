package akin.retrieval.metric;

import java.util.Arrays;

/**
 * How well a score separates relevant rows from the others, threshold by threshold: at threshold t
 * the rows with a score ≥ t are found. Equal scores make one threshold, so their order plays no
 * part; {@link RankedRelevance} breaks ties by row instead, and agrees where there are none.
 *
 * @param thresholds the distinct scores, falling
 * @param found rows with a score at or above each threshold
 * @param hits relevant rows among them
 */
public record ScoreCurve(double[] thresholds, long[] found, long[] hits) {
  /** The curve of scores, larger meaning nearer, and whether each row is relevant. */
  public static ScoreCurve of(double[] scores, boolean[] relevant) {
    if (scores.length != relevant.length || scores.length == 0) {
      throw new IllegalArgumentException(
          scores.length + " scores of " + relevant.length + " rows; at least one is needed");
    }
    int[] order = Ranking.order(Arrays.stream(scores).map(s -> -s).toArray());
    double[] thresholds = new double[order.length];
    long[] found = new long[order.length];
    long[] hits = new long[order.length];
    int n = -1;
    long hit = 0;
    for (int k = 0; k < order.length; k++) {
      double score = scores[order[k]];
      n += k == 0 || score != thresholds[n] ? 1 : 0;
      hit += relevant[order[k]] ? 1 : 0;
      thresholds[n] = score;
      found[n] = k + 1;
      hits[n] = hit;
    }
    return new ScoreCurve(
        Arrays.copyOf(thresholds, n + 1), Arrays.copyOf(found, n + 1), Arrays.copyOf(hits, n + 1));
  }

  private long relevant() {
    return hits[hits.length - 1];
  }

  /** Precision over recall at every threshold; recall is NaN if no row is relevant. */
  public PrecisionRecall precisionRecall() {
    double[] recall = new double[found.length];
    double[] precision = new double[found.length];
    for (int k = 0; k < found.length; k++) {
      recall[k] = (double) hits[k] / relevant();
      precision[k] = (double) hits[k] / found[k];
    }
    return new PrecisionRecall(recall, precision);
  }

  /**
   * Average precision with ties: Σ_k (recall_k − recall_{k−1})·precision_k over thresholds; NaN if
   * no row is relevant. Without ties it is AP.
   */
  public double averagePrecision() {
    double sum = 0;
    for (int k = 0; k < found.length; k++) {
      long more = hits[k] - (k == 0 ? 0 : hits[k - 1]);
      sum += (double) more / relevant() * ((double) hits[k] / found[k]);
    }
    return sum;
  }

  /**
   * The area under the ROC curve: the probability that a relevant row has a larger score than
   * another, equal scores counting half; NaN if all rows or none are relevant.
   */
  public double rocArea() {
    double sum = 0;
    long misses = found[found.length - 1] - relevant();
    for (int k = 0; k < found.length; k++) {
      long hit = hits[k] - (k == 0 ? 0 : hits[k - 1]);
      long missed = found[k] - hits[k] - (k == 0 ? 0 : found[k - 1] - hits[k - 1]);
      sum += missed * (hits[k] - hit / 2.0);
    }
    return sum / ((double) misses * relevant());
  }
}
