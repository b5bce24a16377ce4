package akin.retrieval.metric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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

  /**
   * The same for the queries of each class by itself, by class; classes of which no query is left
   * are left out.
   *
   * @param classes of the queries
   */
  public static SortedMap<Integer, Scores> byClass(
      List<RankedRelevance> rankings, int[] classes, List<Metric> metrics) {
    SortedMap<Integer, List<RankedRelevance>> of = new TreeMap<>();
    for (int q = 0; q < classes.length; q++) {
      of.computeIfAbsent(classes[q], c -> new ArrayList<>()).add(rankings.get(q));
    }
    SortedMap<Integer, Scores> scores = new TreeMap<>();
    of.forEach((c, list) -> scores.put(c, of(list, metrics)));
    scores.values().removeIf(each -> each.queries == 0);
    return scores;
  }

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

  static List<RankedRelevance> withRelevant(List<RankedRelevance> rankings) {
    return rankings.stream().filter(ranking -> ranking.relevant() > 0).toList();
  }
}
