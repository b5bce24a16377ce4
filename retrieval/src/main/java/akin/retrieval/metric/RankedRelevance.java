package akin.retrieval.metric;

import java.util.Arrays;

/**
 * What a metric needs to know of one query's ranking: at which ranks the relevant rows stand, how
 * many rows are listed (N) and how many are relevant in the whole gallery (R, the query's own row
 * not counted).
 *
 * <p>Notation: rel_k is 1 if the row at rank k is relevant, else 0; ranks count from 1; P@k =
 * (1/k)·Σ_{i≤k} rel_i. A relevant row that is not listed counts as never found, as if irrelevant
 * rows followed the list without end. With R = 0 no metric is defined: all but the accessors throw
 * {@link IllegalStateException}, and {@link Scores} leaves such queries out and counts them.
 */
public final class RankedRelevance {
  private final int[] hits;
  private final int listed;
  private final int relevant;

  private RankedRelevance(int[] hits, int listed, int relevant) {
    if (hits.length > relevant || hits.length > listed) {
      throw new IllegalArgumentException(
          hits.length + " hits among " + listed + " rows, " + relevant + " relevant");
    }
    this.hits = hits;
    this.listed = listed;
    this.relevant = relevant;
  }

  /** A ranking of the whole gallery: rel_k = {@code inRankOrder[k − 1]}. */
  public static RankedRelevance of(boolean[] inRankOrder) {
    int count = 0;
    for (boolean r : inRankOrder) {
      count += r ? 1 : 0;
    }
    return of(inRankOrder, count);
  }

  /** A ranking that may be cut short: {@code relevant} rows of the gallery are relevant. */
  public static RankedRelevance of(boolean[] inRankOrder, int relevant) {
    int[] hits = new int[inRankOrder.length];
    int n = 0;
    for (int i = 0; i < inRankOrder.length; i++) {
      if (inRankOrder[i]) {
        hits[n++] = i + 1;
      }
    }
    return new RankedRelevance(Arrays.copyOf(hits, n), inRankOrder.length, relevant);
  }

  /**
   * A ranking of the whole gallery.
   *
   * @param hits the ranks of the relevant rows, ascending, from 1
   */
  static RankedRelevance of(int[] hits, int listed) {
    return new RankedRelevance(hits, listed, hits.length);
  }

  /** The ranks of the relevant rows that are listed, ascending, from 1. */
  public int[] hits() {
    return hits.clone();
  }

  /** N, the number of rows listed. */
  public int listed() {
    return listed;
  }

  /** R, the number of relevant rows in the gallery. */
  public int relevant() {
    return relevant;
  }

  /** The number of relevant rows among the first k: Σ_{i≤k} rel_i. */
  public int hitsUpTo(int k) {
    int at = Arrays.binarySearch(hits, k);
    return at >= 0 ? at + 1 : -at - 1;
  }

  /** P@K = (1/K)·Σ_{k≤K} rel_k. Where K exceeds N the divisor is still K. */
  public double precisionAt(int k) {
    check(k);
    return (double) hitsUpTo(k) / k;
  }

  /**
   * Recall@K as metric learning has it, also CMC@K: 1 if any of the first K rows is relevant, else
   * 0.
   */
  public double recallAt(int k) {
    check(k);
    return hitsUpTo(k) > 0 ? 1 : 0;
  }

  /** Recall@K as information retrieval has it: (1/R)·Σ_{k≤K} rel_k. */
  public double irRecallAt(int k) {
    check(k);
    return (double) hitsUpTo(k) / relevant;
  }

  /** AP, average precision: (1/R)·Σ_k P@k·rel_k, over all ranks. */
  public double averagePrecision() {
    check(1);
    return precisionsAtHits(listed) / relevant;
  }

  /**
   * AP-mean-P: (1/R)·Σ_{k≤R} P@k, the mean of the precision over all ranks up to R, hit or not. A
   * course on attribute-based retrieval defines its mAP so; it is not the standard AP.
   */
  public double meanPrecisionUpToR() {
    check(1);
    double sum = 0;
    for (int k = 1, found = 0; k <= relevant; k++) {
      if (found < hits.length && hits[found] == k) {
        found++;
      }
      sum += (double) found / k;
    }
    return sum / relevant;
  }

  /**
   * MAP@R: (1/R)·Σ_{k≤R} P@k·rel_k.
   *
   * <p>Source: Musgrave, Belongie, Lim, "A metric learning reality check", ECCV 2020.
   */
  public double averagePrecisionUpToR() {
    check(1);
    return precisionsAtHits(relevant) / relevant;
  }

  /**
   * AP@K: (1/min(R,K))·Σ_{k≤K} P@k·rel_k. The divisor is the number of hits that would be possible,
   * not the number found. Others divide otherwise: pytorch-metric-learning, asked for K neighbours,
   * by R, which is {@link #averagePrecision} of a ranking cut after K rows.
   */
  public double averagePrecisionAt(int k) {
    check(k);
    return precisionsAtHits(k) / Math.min(relevant, k);
  }

  /**
   * mMP@K, whose mean over queries is the mean of modified precision: P@min(R,K), the share of the
   * hits that would be possible.
   *
   * <p>Source: Google universal image embedding challenge, 2022.
   */
  public double modifiedPrecisionAt(int k) {
    check(k);
    return precisionAt(Math.min(relevant, k));
  }

  /**
   * The average ranking position: the mean of the positions of the query itself, at 0, and of all
   * relevant rows, whose positions are their ranks; lower is better, R/2 is best. +∞ if one of them
   * is not listed.
   *
   * <p>Source: the CGD recipe, which watches it in batches while it trains.
   */
  public double averagePosition() {
    check(1);
    return hits.length < relevant
        ? Double.POSITIVE_INFINITY
        : (double) Arrays.stream(hits).asLongStream().sum() / (relevant + 1);
  }

  /** R-precision: P@R. */
  public double rPrecision() {
    check(1);
    return precisionAt(relevant);
  }

  /** The reciprocal rank: 1 / rank of the first hit; 0 if none is listed. */
  public double reciprocalRank() {
    check(1);
    return hits.length == 0 ? 0 : 1.0 / hits[0];
  }

  /**
   * nDCG@K with binary gains: Σ_{k≤K} rel_k/log₂(k+1), divided by the largest possible value,
   * Σ_{k≤min(R,K)} 1/log₂(k+1).
   *
   * <p>Source: Järvelin, Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002.
   */
  public double ndcgAt(int k) {
    check(k);
    double gain = 0;
    for (int i = 0; i < hits.length && hits[i] <= k; i++) {
      gain += discount(hits[i]);
    }
    double ideal = 0;
    for (int rank = 1; rank <= Math.min(relevant, k); rank++) {
      ideal += discount(rank);
    }
    return gain / ideal;
  }

  /**
   * INP, whose mean is mINP: R / rank of the last relevant row; 0 if one of them is not listed.
   *
   * <p>Source: Ye et al., "Deep learning for person re-identification: a survey and outlook", 2021.
   */
  public double inverseNegativePenalty() {
    check(1);
    return hits.length < relevant ? 0 : (double) relevant / hits[relevant - 1];
  }

  /**
   * AUC, the area under the ROC curve: the share of pairs of a relevant and another row that are in
   * the right order, where equal distances are ordered by row; 1 if there is no other row. A
   * relevant row that is not listed stands behind all others. {@link ScoreCurve#rocArea} counts
   * equal scores half instead.
   */
  public double rocArea() {
    check(1);
    long others = (long) listed - hits.length;
    long before = 0; // pairs in the wrong order
    for (int i = 0; i < hits.length; i++) {
      before += hits[i] - 1 - i;
    }
    before += (relevant - hits.length) * others;
    return others == 0 ? 1 : 1 - before / ((double) others * relevant);
  }

  private static double discount(int rank) {
    return StrictMath.log(2) / StrictMath.log(rank + 1.0);
  }

  /** Σ_{k≤K} P@k·rel_k. */
  private double precisionsAtHits(int k) {
    double sum = 0;
    for (int i = 0; i < hits.length && hits[i] <= k; i++) {
      sum += (i + 1.0) / hits[i];
    }
    return sum;
  }

  private void check(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("ranks count from 1; K = " + k);
    }
    if (relevant == 0) {
      throw new IllegalStateException("no relevant row in the gallery: leave the query out");
    }
  }

  @Override
  public String toString() {
    return "RankedRelevance[N=%d, R=%d, hits at %s]"
        .formatted(listed, relevant, Arrays.toString(hits));
  }
}
