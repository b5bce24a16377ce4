package akin.retrieval.sample;

import akin.retrieval.data.Attributes;
import akin.tensor.RandomStream;
import java.util.stream.IntStream;

/**
 * Draws a query that a picture satisfies: 1 to {@code most} of its attributes, rare ones more often
 * (weight 1/√frequency), and with probability {@code unwanted} one attribute that it lacks. A
 * picture without attributes gets an unwanted one. A query is 2A bits: wanted, then unwanted.
 */
public final class PartialQueries {
  private final double[] weights;
  private final int most;
  private final double unwanted;

  /**
   * @param table rows of the training pictures, for the frequencies
   */
  public PartialQueries(Attributes table, int most, double unwanted) {
    int[] rows = IntStream.range(0, table.rows()).toArray();
    weights = new double[table.count()];
    for (int a = 0; a < weights.length; a++) {
      weights[a] = 1 / Math.sqrt(Math.max(table.baseRate(a, rows), 1.0 / Math.max(1, rows.length)));
    }
    this.most = most;
    this.unwanted = unwanted;
  }

  /** Bits of a query: twice the number of attributes. */
  public int width() {
    return 2 * weights.length;
  }

  /**
   * Draws a query; a pure function of its arguments.
   *
   * @param picture row of {@code table}
   * @param stream this draw's own
   * @param query receives {@link #width} bits from {@code to} on
   */
  public void draw(Attributes table, int picture, RandomStream stream, float[] query, int to) {
    int count = weights.length;
    java.util.Arrays.fill(query, to, to + width(), 0);
    int owned = 0;
    for (int a = 0; a < count; a++) {
      owned += table.has(picture, a) ? 1 : 0;
    }
    int wanted = owned == 0 ? 0 : 1 + stream.below(0, Math.min(most, owned));
    for (int n = 0; n < wanted; n++) {
      int from = to;
      int a = pick(stream.uniform(n + 1), i -> table.has(picture, i) && query[from + i] == 0);
      query[to + a] = 1;
    }
    if (owned < count && (wanted == 0 || stream.uniform(most + 1) < unwanted)) {
      int a = pick(stream.uniform(most + 2), i -> !table.has(picture, i));
      query[to + count + a] = 1;
    }
  }

  /** One of the allowed attributes, by weight; u uniform in [0, 1). */
  private int pick(double u, java.util.function.IntPredicate allowed) {
    double sum = 0;
    for (int a = 0; a < weights.length; a++) {
      sum += allowed.test(a) ? weights[a] : 0;
    }
    double at = u * sum;
    int last = -1;
    for (int a = 0; a < weights.length; a++) {
      if (allowed.test(a)) {
        last = a;
        at -= weights[a];
        if (at < 0) {
          break;
        }
      }
    }
    return last;
  }

  /** Whether a picture has everything that the query wants and nothing that it does not. */
  public boolean satisfied(float[] query, int from, Attributes table, int picture) {
    int count = weights.length;
    for (int a = 0; a < count; a++) {
      boolean has = table.has(picture, a);
      if (query[from + a] != 0 && !has || query[from + count + a] != 0 && has) {
        return false;
      }
    }
    return true;
  }
}
