package akin.retrieval.evaluation;

import akin.retrieval.data.Parallel;
import akin.retrieval.metric.QueryFigures;
import akin.tensor.RandomStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far means over queries would move with other queries: as many queries as there are, drawn
 * again with repetition, give a mean each time; of these the middle 95 % are an interval. Queries
 * with R = 0 are not drawn. The gallery stays as it is, and so does the model.
 *
 * <p>Source: Efron, "Bootstrap methods: another look at the jackknife", 1979; the percentile
 * method.
 *
 * @param resamples how many times, such as 1000
 * @param seed of the draws: the same gives the same intervals at any thread count
 */
public record Bootstrap(int resamples, long seed) {
  private static final double TAIL = 0.025;

  /** An interval. */
  public record Interval(double low, double high) {}

  /** The interval of each metric; empty if there is no query to draw. */
  public Map<String, Interval> intervals(QueryFigures figures, int threads) {
    int[] kept = figures.kept();
    if (kept.length == 0) {
      return Map.of();
    }
    double[][] values =
        figures.names().stream()
            .map(name -> Arrays.stream(kept).mapToDouble(q -> figures.value(name, q)).toArray())
            .toArray(double[][]::new);
    double[][] means = new double[values.length][resamples];
    RandomStream stream = RandomStream.of(seed, "bootstrap");
    Parallel.forEach(
        resamples,
        threads,
        b -> {
          RandomStream draws = stream.child(b);
          int[] times = new int[kept.length];
          for (int i = 0; i < kept.length; i++) {
            times[draws.below(i, kept.length)]++;
          }
          for (int m = 0; m < values.length; m++) {
            double sum = 0;
            for (int q = 0; q < times.length; q++) {
              sum += times[q] * values[m][q];
            }
            means[m][b] = sum / kept.length;
          }
        });
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (int m = 0; m < values.length; m++) {
      Arrays.sort(means[m]);
      intervals.put(
          figures.names().get(m),
          new Interval(quantile(means[m], TAIL), quantile(means[m], 1 - TAIL)));
    }
    return intervals;
  }

  /** Between the two nearest of the sorted numbers, in proportion. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
