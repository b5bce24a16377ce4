package akin.retrieval.metric;

/**
 * How many triplets (anchor a, positive p, negative n) are easy, semi-hard and hard for the margin
 * m. Every triplet is exactly one of them:
 *
 * <pre>
 * easy        d(a,n) &gt; d(a,p) + m          the loss is 0
 * semi-hard   d(a,p) ≤ d(a,n) ≤ d(a,p) + m  ranked rightly, but not by the margin
 * hard        d(a,n) &lt; d(a,p)              ranked wrongly
 * </pre>
 *
 * <p>A triplet with a NaN distance counts as hard: nothing about it is known to be right.
 *
 * @param easy the number of easy triplets
 * @param semiHard the number of semi-hard triplets
 * @param hard the number of hard triplets
 */
public record TripletShares(long easy, long semiHard, long hard) {

  /** No triplets: what an epoch's sum begins with. */
  public static final TripletShares NONE = new TripletShares(0, 0, 0);

  /**
   * Counts a batch. The sum d(a,p) + m is taken in double precision, so a triplet within a rounding
   * of float of the margin may count as easy while a float loss is not quite 0.
   *
   * @param positive d(a,p) of each triplet
   * @param negative d(a,n) of each triplet, in the same unit (squared or not)
   * @param margin m ≥ 0
   */
  public static TripletShares of(float[] positive, float[] negative, double margin) {
    if (positive.length != negative.length || !(margin >= 0)) {
      throw new IllegalArgumentException(
          "%d positive and %d negative distances, margin %s"
              .formatted(positive.length, negative.length, margin));
    }
    long easy = 0;
    long semiHard = 0;
    long hard = 0;
    for (int i = 0; i < positive.length; i++) {
      if (negative[i] > positive[i] + margin) {
        easy++;
      } else if (negative[i] >= positive[i]) {
        semiHard++;
      } else {
        hard++;
      }
    }
    return new TripletShares(easy, semiHard, hard);
  }

  /** Both together: an epoch is the sum of its batches. */
  public TripletShares plus(TripletShares other) {
    return new TripletShares(easy + other.easy, semiHard + other.semiHard, hard + other.hard);
  }

  /** The number of triplets. */
  public long total() {
    return easy + semiHard + hard;
  }

  /** The share of easy triplets, in [0, 1]; NaN of no triplets. */
  public double easyShare() {
    return (double) easy / total();
  }

  /** The share of semi-hard triplets, in [0, 1]; NaN of no triplets. */
  public double semiHardShare() {
    return (double) semiHard / total();
  }

  /** The share of hard triplets, in [0, 1]; NaN of no triplets. */
  public double hardShare() {
    return (double) hard / total();
  }
}
