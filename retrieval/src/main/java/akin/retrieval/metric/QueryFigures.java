package akin.retrieval.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The figures of each query by itself: a number for each metric, and no more is kept of a ranking.
 * Queries without a relevant row in the gallery (R = 0) have none; they are left out of all means,
 * and counted.
 */
public final class QueryFigures {
  private final List<Metric> metrics;
  private final double[][] values; // [metric][query]
  private final int[] relevant; // R of each query
  private final int[] listed; // N of each query

  /** Of queries of which no ranking is known yet. */
  public QueryFigures(int queries, List<Metric> metrics) {
    this.metrics = List.copyOf(metrics);
    values = new double[metrics.size()][queries];
    relevant = new int[queries];
    listed = new int[queries];
  }

  /** Of queries with these rankings. */
  public static QueryFigures of(List<RankedRelevance> rankings, List<Metric> metrics) {
    QueryFigures figures = new QueryFigures(rankings.size(), metrics);
    for (int q = 0; q < rankings.size(); q++) {
      figures.put(q, rankings.get(q));
    }
    return figures;
  }

  /** Bytes of memory for each query. */
  public static long bytes(int metrics) {
    return 8L * metrics + 8;
  }

  /** Takes the figures of one query; several threads may do so for different ones. */
  public void put(int query, RankedRelevance ranking) {
    relevant[query] = ranking.relevant();
    listed[query] = ranking.listed();
    for (int m = 0; m < values.length; m++) {
      values[m][query] =
          ranking.relevant() == 0 ? Double.NaN : metrics.get(m).of().applyAsDouble(ranking);
    }
  }

  /** How many queries there are, those that are left out included. */
  public int size() {
    return relevant.length;
  }

  /** The metrics' names. */
  public List<String> names() {
    return metrics.stream().map(Metric::name).toList();
  }

  /** R of a query. */
  public int relevant(int query) {
    return relevant[query];
  }

  /** A metric of one query; NaN where R = 0. */
  public double value(String metric, int query) {
    int m = names().indexOf(metric);
    if (m < 0) {
      throw new IllegalArgumentException(metric + " was not measured; only " + names());
    }
    return values[m][query];
  }

  /** The queries that are not left out, ascending. */
  public int[] kept() {
    return IntStream.range(0, size()).filter(q -> relevant[q] > 0).toArray();
  }

  /** The means over all queries; sums run in order. */
  public Scores scores() {
    int[] kept = kept();
    Map<String, Double> means = new LinkedHashMap<>();
    for (int m = 0; m < values.length; m++) {
      double sum = 0;
      for (int q : kept) {
        sum += values[m][q];
      }
      means.put(metrics.get(m).name(), sum / kept.length);
    }
    return new Scores(means, kept.length, size() - kept.length);
  }

  /**
   * The means over the queries of each class by itself, by class; classes of which no query is left
   * are left out.
   *
   * @param classes of the queries
   */
  public SortedMap<Integer, Scores> byClass(int[] classes) {
    SortedMap<Integer, List<Integer>> of = new TreeMap<>();
    for (int q = 0; q < classes.length; q++) {
      of.computeIfAbsent(classes[q], c -> new ArrayList<>()).add(q);
    }
    SortedMap<Integer, Scores> scores = new TreeMap<>();
    of.forEach(
        (c, queries) -> {
          QueryFigures own = select(queries.stream().mapToInt(q -> q).toArray());
          scores.put(c, own.scores());
        });
    scores.values().removeIf(each -> each.queries() == 0);
    return scores;
  }

  /** Those of some queries. */
  public QueryFigures select(int... queries) {
    QueryFigures some = new QueryFigures(queries.length, metrics);
    for (int i = 0; i < queries.length; i++) {
      some.relevant[i] = relevant[queries[i]];
      some.listed[i] = listed[queries[i]];
      for (int m = 0; m < values.length; m++) {
        some.values[m][i] = values[m][queries[i]];
      }
    }
    return some;
  }

  /** The mean share of relevant rows, R/N: what a random ranking's P@K is on average. */
  public double baseRate() {
    return Arrays.stream(kept())
        .mapToDouble(q -> (double) relevant[q] / listed[q])
        .average()
        .orElse(Double.NaN);
  }
}
