package akin.retrieval.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often the nearest picture of a query is of which class. Queries without a relevant picture
 * take no part; {@code none} counts those whose nearest picture has no class.
 *
 * @param classes names; rows are the queries' classes, columns those of the nearest pictures
 * @param cells the counts that are not 0, by row times the number of classes plus column
 * @param none queries whose nearest picture has no class
 */
public record Confusion(List<String> classes, Map<Long, Integer> cells, int none) {
  /** A class that is taken for another. */
  public record Pair(String query, String nearest, int count, double share) {}

  /** Counts queries. */
  public static final class Counter {
    private final List<String> classes;
    private final Map<Long, Integer> cells = new TreeMap<>();
    private int none;

    /** Of no queries yet. */
    public Counter(List<String> classes) {
      this.classes = classes;
    }

    /** Adds a query of a class whose nearest picture is of another one, or of the same. */
    public void add(int query, int nearest) {
      if (nearest < 0) {
        none++;
      } else {
        cells.merge((long) query * classes.size() + nearest, 1, Integer::sum);
      }
    }

    /** What was counted. */
    public Confusion counted() {
      return new Confusion(classes, cells, none);
    }
  }

  /** How many queries of class {@code query} have a nearest picture of class {@code nearest}. */
  public int count(int query, int nearest) {
    return cells.getOrDefault((long) query * classes.size() + nearest, 0);
  }

  /** The queries of a class. */
  public int queries(int query) {
    int sum = 0;
    for (int nearest = 0; nearest < classes.size(); nearest++) {
      sum += count(query, nearest);
    }
    return sum;
  }

  /** The share of each class's queries, [C, C]; 0 where a class has none. */
  public double[][] shares() {
    int n = classes.size();
    double[][] shares = new double[n][n];
    for (int query = 0; query < n; query++) {
      int sum = Math.max(1, queries(query));
      for (int nearest = 0; nearest < n; nearest++) {
        shares[query][nearest] = (double) count(query, nearest) / sum;
      }
    }
    return shares;
  }

  /** The most confused pairs of different classes, most often first, equal ones in order. */
  public List<Pair> worst(int most) {
    int n = classes.size();
    return cells.entrySet().stream()
        .filter(cell -> cell.getKey() / n != cell.getKey() % n)
        .sorted(Comparator.comparingInt(cell -> -cell.getValue()))
        .limit(most)
        .map(cell -> pair((int) (cell.getKey() / n), (int) (cell.getKey() % n), cell.getValue()))
        .toList();
  }

  private Pair pair(int query, int nearest, int count) {
    double share = (double) count / queries(query);
    return new Pair(classes.get(query), classes.get(nearest), count, share);
  }
}
