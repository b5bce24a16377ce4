package akin.retrieval.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics averaged over queries. Queries without a relevant row in the gallery (R = 0) are left out
 * and counted.
 *
 * @param means each metric's mean by its name, in the order asked for; NaN if no query is left
 * @param queries the number of queries in the means
 * @param leftOut the number of queries with R = 0
 */
public record Scores(Map<String, Double> means, int queries, int leftOut) {

  /** The means over all rankings; sums run in the list's order. */
  public static Scores of(List<RankedRelevance> rankings, List<Metric> metrics) {
    List<RankedRelevance> kept = withRelevant(rankings);
    Map<String, Double> means = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      double sum = 0;
      for (RankedRelevance ranking : kept) {
        sum += metric.of().applyAsDouble(ranking);
      }
      means.put(metric.name(), sum / kept.size());
    }
    return new Scores(means, kept.size(), rankings.size() - kept.size());
  }

  /** The mean of the metric of that name. */
  public double mean(String metric) {
    Double mean = means.get(metric);
    if (mean == null) {
      throw new IllegalArgumentException(metric + " was not measured; only " + means.keySet());
    }
    return mean;
  }

  static List<RankedRelevance> withRelevant(List<RankedRelevance> rankings) {
    return rankings.stream().filter(ranking -> ranking.relevant() > 0).toList();
  }
}
