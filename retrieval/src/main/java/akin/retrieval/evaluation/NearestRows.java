package akin.retrieval.evaluation;

import akin.retrieval.metric.HitRanks;
import akin.retrieval.metric.Ranking;
import java.util.Arrays;

/** The k nearest of rows that pass by, in the order of {@link Ranking}. */
final class NearestRows {
  private final int k;
  private final long[] keys; // up to 2k, of which the first k are sorted now and then
  private int count;
  private long worst = Long.MAX_VALUE;

  NearestRows(int k) {
    this.k = k;
    keys = new long[2 * k];
  }

  /**
   * Offers rows {@code first} … {@code first + n − 1}.
   *
   * @param leftOut rows that are not wanted, ascending
   */
  void offer(int first, float[] distances, int from, int n, int[] leftOut) {
    for (int i = 0; k > 0 && i < n; i++) {
      long key = HitRanks.key(distances[from + i], first + i);
      if (key < worst && Arrays.binarySearch(leftOut, first + i) < 0) {
        keys[count++] = key;
        if (count == keys.length) {
          shrink();
        }
      }
    }
  }

  private void shrink() {
    Arrays.sort(keys, 0, count);
    count = Math.min(count, k);
    if (count == k && k > 0) {
      worst = keys[k - 1];
    }
  }

  /** Their rows, nearest first, and their distances from {@code at} on; how many there are. */
  int take(int[] rows, float[] distances, int at) {
    shrink();
    for (int i = 0; i < count; i++) {
      rows[at + i] = (int) keys[i];
      distances[at + i] = Ranking.distance((int) (keys[i] >> 32));
    }
    return count;
  }
}
