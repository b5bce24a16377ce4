package akin.retrieval.metric;

/**
 * The one order of a gallery before a query: by distance, equal distances by row. 0 and −0 are
 * equal; NaN comes after everything else. So a ranking is a total order, the same on every machine.
 */
public final class Ranking {
  private static final int DIGIT = 11;

  private Ranking() {}

  /**
   * A number that orders as the distance does: for all x and y, {@code key(x) < key(y)} exactly if
   * x stands before y. With the row in the lower half of a {@code long}, one comparison decides.
   */
  public static int key(float distance) {
    // Adding 0 turns −0 into 0; floatToIntBits makes every NaN the one that lies above infinity.
    int bits = Float.floatToIntBits(distance + 0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  /** The distance that has this key; 0 for −0. */
  public static float distance(int key) {
    return Float.intBitsToFloat(key ^ (key >> 31 & Integer.MAX_VALUE));
  }

  /** As {@link #key(float)}, for doubles. */
  public static long key(double distance) {
    long bits = Double.doubleToLongBits(distance + 0.0);
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }

  /** The rows 0 … N−1, nearest first. */
  public static int[] order(float[] distances) {
    long[] keys = new long[distances.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(distances[i]) ^ 0x80000000L;
    }
    return sort(keys, Float.SIZE);
  }

  /** The rows 0 … N−1, nearest first. */
  public static int[] order(double[] distances) {
    long[] keys = new long[distances.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(distances[i]) ^ Long.MIN_VALUE;
    }
    return sort(keys, Double.SIZE);
  }

  /** Radix sort of the lower bits as an unsigned number: it is stable, so ties stay by row. */
  private static int[] sort(long[] keys, int bits) {
    int[] rows = new int[keys.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i;
    }
    int[] next = new int[keys.length];
    for (int shift = 0; shift < bits; shift += DIGIT) {
      int mask = (1 << Math.min(DIGIT, bits - shift)) - 1;
      int[] starts = new int[mask + 2];
      for (long key : keys) {
        starts[(int) (key >>> shift & mask) + 1]++;
      }
      for (int d = 0; d < mask; d++) {
        starts[d + 1] += starts[d];
      }
      for (int row : rows) {
        next[starts[(int) (keys[row] >>> shift & mask)]++] = row;
      }
      int[] swap = rows;
      rows = next;
      next = swap;
    }
    return rows;
  }
}
