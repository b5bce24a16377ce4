package akin.retrieval.metric;

import java.util.Collection;
import java.util.LinkedHashMap;
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

  /** The means of means: every class counts alike, however many queries it has. */
  public static Scores ofClasses(Collection<Scores> classes) {
    Map<String, Double> means = new LinkedHashMap<>();
    int queries = 0;
    int leftOut = 0;
    for (Scores each : classes) {
      each.means.forEach((name, mean) -> means.merge(name, mean / classes.size(), Double::sum));
      queries += each.queries;
      leftOut += each.leftOut;
    }
    return new Scores(means, queries, leftOut);
  }

  /** The mean of the metric of that name. */
  public double mean(String metric) {
    Double mean = means.get(metric);
    if (mean == null) {
      throw new IllegalArgumentException(metric + " was not measured; only " + means.keySet());
    }
    return mean;
  }
}
