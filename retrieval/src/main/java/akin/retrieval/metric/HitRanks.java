package akin.retrieval.metric;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * At which ranks relevant rows stand in the order of {@link Ranking}, found by sorting these rows
 * alone: every other row is only counted between the two of them where it belongs. A table of the
 * relevant rows' distances, cut evenly, tells nearly where that is.
 */
public final class HitRanks {
  private static final int TABLE_BITS = 12;

  /** Where more than this part of the rows is relevant, sorting all of them is faster. */
  private static final int PART = 16;

  private final long[] hits; // of relevant rows, ascending: the key of the distance, then the row
  private final int[] counts; // of rows from after one hit to the next, which is included
  private final int least; // the key of the first hit
  private final int shift;
  private final int[] table; // where the hits of each part begin

  private HitRanks(long[] hits) {
    this.hits = hits;
    counts = new int[hits.length + 1];
    least = hits.length == 0 ? 0 : distance(hits[0]);
    long width = hits.length == 0 ? 0 : (long) distance(hits[hits.length - 1]) - least;
    shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(width) - TABLE_BITS);
    table = new int[(1 << TABLE_BITS) + 1];
    for (long hit : hits) {
      table[part(distance(hit)) + 1]++;
    }
    for (int i = 1; i < table.length; i++) {
      table[i] += table[i - 1];
    }
  }

  /**
   * Ranks the rows that are listed.
   *
   * @param distances those of rows 0 … n − 1 begin at {@code from}
   */
  public static RankedRelevance of(
      float[] distances, int from, int n, IntPredicate listed, IntPredicate relevant) {
    long[] keys = new long[n];
    long[] hits = new long[16];
    int count = 0;
    int found = 0;
    for (int row = 0; row < n; row++) {
      if (listed.test(row)) {
        long key = (long) Ranking.key(distances[from + row]) << 32 | row;
        keys[count++] = key;
        if (relevant.test(row)) {
          hits = found < hits.length ? hits : Arrays.copyOf(hits, 2 * found);
          hits[found++] = key;
        }
      }
    }
    if (found > count / PART) {
      return sorted(distances, from, n, listed, relevant);
    }
    HitRanks ranks = new HitRanks(Arrays.stream(hits, 0, found).sorted().toArray());
    for (int i = 0; found > 0 && i < count; i++) {
      ranks.counts[ranks.place(keys[i])]++;
    }
    return RankedRelevance.of(ranks.ranks(), count);
  }

  private static RankedRelevance sorted(
      float[] distances, int from, int n, IntPredicate listed, IntPredicate relevant) {
    boolean[] inOrder = new boolean[n];
    int count = 0;
    for (int row : Ranking.order(Arrays.copyOfRange(distances, from, from + n))) {
      if (listed.test(row)) {
        inOrder[count++] = relevant.test(row);
      }
    }
    return RankedRelevance.of(Arrays.copyOf(inOrder, count));
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
    if (distance < least) {
      return 0;
    }
    if (distance > distance(hits[hits.length - 1])) {
      return hits.length;
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

  private int[] ranks() {
    int[] ranks = new int[hits.length];
    int before = 0;
    for (int i = 0; i < ranks.length; i++) {
      before += counts[i];
      ranks[i] = before;
    }
    return ranks;
  }
}
