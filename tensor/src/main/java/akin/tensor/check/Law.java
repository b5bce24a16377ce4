package akin.tensor.check;

import java.util.List;

/**
 * Something that holds for a gradient without any difference quotient: certain sums vanish, such as
 * a softmax's gradient summed along its axis.
 *
 * @param name the law in words
 * @param sums the sums that must vanish
 */
public record Law(String name, Sums sums) {
  /** The sums of a law. */
  @FunctionalInterface
  public interface Sums {
    /**
     * The sums that vanish.
     *
     * @param x values of every input
     * @param g gradients of every input; null where none is wanted
     */
    List<Balance> of(double[][] x, double[][] g);
  }

  /**
   * A sum that must vanish up to rounding.
   *
   * @param sum the terms' sum
   * @param magnitude the sum of the terms' absolute values
   */
  public record Balance(double sum, double magnitude) {
    /** Σ of {@code terms}. */
    public static Balance of(double... terms) {
      double sum = 0;
      double magnitude = 0;
      for (double term : terms) {
        sum += term;
        magnitude += Math.abs(term);
      }
      return new Balance(sum, magnitude);
    }
  }

  /** Groups of elements of input 0's gradient that sum to zero, by the group of each element. */
  public static Law groupsSumToZero(
      String name, int groups, java.util.function.IntUnaryOperator of) {
    return new Law(
        name,
        (x, g) -> {
          double[] sum = new double[groups];
          double[] magnitude = new double[groups];
          for (int i = 0; i < g[0].length; i++) {
            int group = of.applyAsInt(i);
            sum[group] += g[0][i];
            magnitude[group] += Math.abs(g[0][i]);
          }
          return java.util.stream.IntStream.range(0, groups)
              .mapToObj(k -> new Balance(sum[k], magnitude[k]))
              .toList();
        });
  }
}
