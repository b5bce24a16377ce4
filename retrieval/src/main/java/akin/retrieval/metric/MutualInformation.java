package akin.retrieval.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How much two ways of grouping the same N rows tell of each other, such as classes and the groups
 * of {@link KMeans}; in nats. With a_i rows in group i of one, b_j in group j of the other, n_ij in
 * both: I = Σ (n_ij/N) ln(N·n_ij/(a_i·b_j)), H = −Σ (a_i/N) ln(a_i/N).
 *
 * @param information I
 * @param expected the mean of I over all ways to deal the rows with the same a and b
 * @param first H of one
 * @param second H of the other
 */
public record MutualInformation(double information, double expected, double first, double second) {
  /** Of the groups of N ≥ 1 rows, any whole numbers. */
  public static MutualInformation of(int[] one, int[] other) {
    if (one.length != other.length || one.length == 0) {
      throw new IllegalArgumentException(one.length + " and " + other.length + " rows");
    }
    int[] a = numbered(one);
    int[] b = numbered(other);
    int[] inA = counts(a);
    int[] inB = counts(b);
    Map<Long, Integer> both = new HashMap<>();
    for (int i = 0; i < a.length; i++) {
      both.merge((long) a[i] * inB.length + b[i], 1, Integer::sum);
    }
    double n = a.length;
    double information =
        both.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .mapToDouble(
                cell -> {
                  double sizes =
                      (double) inA[(int) (cell.getKey() / inB.length)]
                          * inB[(int) (cell.getKey() % inB.length)];
                  return cell.getValue() / n * Math.log(n * cell.getValue() / sizes);
                })
            .sum();
    double h = entropy(inA);
    boolean alone = inA.length == a.length && inB.length == a.length; // every I is H then
    double expected = alone ? h : expected(inA, inB);
    return new MutualInformation(information, expected, h, entropy(inB));
  }

  /**
   * NMI = I/((H₁ + H₂)/2), in [0, 1]; 1 if both have one group only.
   *
   * <p>Source: Strehl and Ghosh, 2002, normalised by the arithmetic mean, as scikit-learn does.
   */
  public double normalized() {
    double mean = (first + second) / 2;
    return mean == 0 ? 1 : information / mean;
  }

  /**
   * AMI = (I − E)/((H₁ + H₂)/2 − E), E the expected I: 1 of equal groupings, about 0 of unrelated
   * ones. Where the divisor vanishes (one group each, or as many as rows each) the groupings are
   * equal and it is 1.
   *
   * <p>Source: Vinh, Epps, Bailey, "Information theoretic measures for clusterings comparison",
   * JMLR 2010, with the arithmetic mean, as scikit-learn does.
   */
  public double adjusted() {
    double range = (first + second) / 2 - expected;
    return range <= 0 ? 1 : (information - expected) / range;
  }

  private static double entropy(int[] counts) {
    double n = Arrays.stream(counts).sum();
    double sum = 0;
    for (int count : counts) {
      sum -= count / n * Math.log(count / n);
    }
    return Math.max(0, sum);
  }

  /** Σ over cells of the mean of their part of I: n_ij is hypergeometric. */
  private static double expected(int[] inA, int[] inB) {
    int n = Arrays.stream(inA).sum();
    double[] log = new double[n + 1]; // ln k!
    for (int k = 2; k <= n; k++) {
      log[k] = log[k - 1] + Math.log(k);
    }
    double sum = 0;
    for (int a : inA) {
      for (int b : inB) {
        double ways = log[a] + log[b] + log[n - a] + log[n - b] - log[n];
        for (int k = Math.max(1, a + b - n); k <= Math.min(a, b); k++) {
          double chance = ways - log[k] - log[a - k] - log[b - k] - log[n - a - b + k];
          sum += (double) k / n * Math.log((double) n * k / ((double) a * b)) * Math.exp(chance);
        }
      }
    }
    return sum;
  }

  /** The groups as 0 … G − 1, in order of appearance. */
  private static int[] numbered(int[] groups) {
    Map<Integer, Integer> numbers = new HashMap<>();
    return Arrays.stream(groups)
        .map(g -> numbers.computeIfAbsent(g, x -> numbers.size()))
        .toArray();
  }

  private static int[] counts(int[] numbered) {
    int[] counts = new int[Arrays.stream(numbered).max().orElseThrow() + 1];
    for (int g : numbered) {
      counts[g]++;
    }
    return counts;
  }
}
