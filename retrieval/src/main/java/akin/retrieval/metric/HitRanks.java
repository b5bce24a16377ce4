package akin.retrieval.metric;

import java.util.Arrays;

/**
 * At which ranks relevant rows stand in the order of {@link Ranking}. Only these are sorted: every
 * other row is counted between the two of them where it belongs, so a gallery may pass by in parts,
 * in any order, and nothing is kept of it. A table of the relevant rows' distances, cut evenly,
 * tells nearly where that is.
 */
public final class HitRanks {
  private static final int LEAST_BITS = 6;
  private static final int MOST_BITS = 14;

  private final long[] hits; // of relevant rows, ascending: the key of the distance, then the row
  private final int[] counts; // of rows from after one hit to the next, which is included
  private final int least; // the key of the first hit
  private final int last; // the key of the last hit
  private final int shift;
  private final int[] table; // where the hits of each part begin

  /**
   * No row is counted yet.
   *
   * @param hits the {@link #key} of each relevant row; kept, and sorted
   */
  public HitRanks(long[] hits) {
    this.hits = hits;
    Arrays.sort(hits);
    int bits = bits(hits.length);
    counts = new int[hits.length + 1];
    least = hits.length == 0 ? 0 : distance(hits[0]);
    last = hits.length == 0 ? 0 : distance(hits[hits.length - 1]);
    long width = (long) last - least;
    shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(width) - bits);
    table = new int[(1 << bits) + 1];
    for (long hit : hits) {
      table[part(distance(hit)) + 1]++;
    }
    for (int i = 1; i < table.length; i++) {
      table[i] += table[i - 1];
    }
  }

  /** Orders rows as {@link Ranking} does. */
  public static long key(float distance, int row) {
    return (long) Ranking.key(distance) << 32 | row;
  }

  /** Bytes of memory that so many relevant rows need, the ranking that comes of them included. */
  public static long bytes(int hits) {
    return 16L * hits + 4L * (1 << bits(hits)) + 256;
  }

  /** Some eight parts for each hit: most hold none, and there is nothing to search. */
  private static int bits(int hits) {
    return Math.max(LEAST_BITS, Math.min(MOST_BITS, 35 - Integer.numberOfLeadingZeros(hits)));
  }

  /**
   * Counts rows {@code first} … {@code first + n − 1}, relevant or not, each once.
   *
   * @param distances theirs begin at {@code from}
   */
  public void count(int first, float[] distances, int from, int n) {
    for (int i = 0; hits.length > 0 && i < n; i++) {
      counts[place(key(distances[from + i], first + i))]++;
    }
  }

  /** Takes back a row that was counted, but is not ranked. */
  public void discount(float distance, int row) {
    if (hits.length > 0) {
      counts[place(key(distance, row))]--;
    }
  }

  /**
   * The ranks, when all rows were counted.
   *
   * @param listed how many rows are ranked
   */
  public RankedRelevance ranking(int listed) {
    int[] ranks = new int[hits.length];
    int before = 0;
    for (int i = 0; i < ranks.length; i++) {
      before += counts[i];
      ranks[i] = before;
    }
    return RankedRelevance.of(ranks, listed);
  }

  private static int distance(long key) {
    return (int) (key >> 32);
  }

  private int part(int distance) {
    return (int) ((long) distance - least >> shift);
  }

  /** The number of hits before a row. */
  private int place(long key) {
    int distance = distance(key);
    if (distance > last) {
      return hits.length;
    }
    if (distance < least) {
      return 0;
    }
    int part = part(distance);
    int low = table[part];
    int high = table[part + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hits[middle] < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
