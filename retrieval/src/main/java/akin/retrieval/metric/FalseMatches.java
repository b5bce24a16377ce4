package akin.retrieval.metric;

import java.util.Arrays;

/** How well a threshold of distances tells pairs of one class from others, as in verification. */
public final class FalseMatches {
  private FalseMatches() {}

  /**
   * FNMR@FMR, the false non-match rate at a false match rate: of M negative pairs ⌊rate·M⌋ may
   * match. The threshold t is the distance of the next nearest negative pair, +∞ if there is none;
   * pairs with a distance below t match. The result is the share of positive pairs with a distance
   * ≥ t (or NaN): so negatives at equal distances all match or none does, and never more than
   * allowed.
   *
   * @param positives distances of pairs of one class, at least one
   * @param negatives distances of pairs of two classes, at least one
   * @param rate the false match rate, in [0, 1]
   */
  public static double nonMatchRate(double[] positives, double[] negatives, double rate) {
    if (positives.length == 0 || negatives.length == 0 || !(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException(
          "%d positive and %d negative distances, rate %s"
              .formatted(positives.length, negatives.length, rate));
    }
    double[] sorted = negatives.clone();
    Arrays.sort(sorted);
    int allowed = (int) Math.floor(rate * sorted.length);
    double threshold = allowed == sorted.length ? Double.POSITIVE_INFINITY : sorted[allowed];
    long missed = Arrays.stream(positives).filter(d -> !(d < threshold)).count();
    return (double) missed / positives.length;
  }
}
