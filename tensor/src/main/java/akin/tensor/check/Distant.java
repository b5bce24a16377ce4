package akin.tensor.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** How far values are from kinks and ties, each measured in the operator's own argument. */
public final class Distant {
  private Distant() {}

  /** Smallest |x − kink| of any value from any kink; +∞ without kinks. */
  public static double from(double[] kinks, double... values) {
    double least = Double.POSITIVE_INFINITY;
    for (double x : values) {
      for (double kink : kinks) {
        least = Math.min(least, Math.abs(x - kink));
      }
    }
    return least;
  }

  /** best − second of {@code candidates}, the largest being the best; +∞ for fewer than two. */
  public static double lead(double... candidates) {
    if (candidates.length < 2) {
      return Double.POSITIVE_INFINITY;
    }
    double[] sorted = candidates.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] - sorted[sorted.length - 2];
  }

  /** The smallest {@link #lead} among groups of values, by the group of each element. */
  static double leastLead(double[] values, double sign, IntUnaryOperator group) {
    Map<Integer, double[]> groups = new HashMap<>();
    for (int i = 0; i < values.length; i++) {
      double[] before = groups.getOrDefault(group.applyAsInt(i), new double[0]);
      double[] longer = Arrays.copyOf(before, before.length + 1);
      longer[before.length] = sign * values[i];
      groups.put(group.applyAsInt(i), longer);
    }
    return groups.values().stream()
        .mapToDouble(Distant::lead)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** +∞ if {@code safe}, else 0: for conditions that no small step can break or mend. */
  public static double unless(boolean unsafe) {
    return unsafe ? 0 : Double.POSITIVE_INFINITY;
  }
}
