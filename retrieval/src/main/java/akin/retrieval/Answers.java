package akin.retrieval;

/**
 * What a search found: for each query up to k gallery rows, nearest first, equal distances by row,
 * NaN last.
 */
public final class Answers {
  private final int k;
  private final int[] rows;
  private final float[] distances;

  Answers(int k, int[] rows, float[] distances) {
    this.k = k;
    this.rows = rows;
    this.distances = distances;
  }

  /** The number of queries. */
  public int queries() {
    return rows.length / k;
  }

  /** How many rows answer the query: k, or fewer if the filter let fewer through. */
  public int found(int query) {
    int found = 0;
    while (found < k && rows[query * k + found] >= 0) {
      found++;
    }
    return found;
  }

  /** The row at the given place, counted from 0. */
  public int row(int query, int place) {
    return rows[index(query, place)];
  }

  /** The distance of the row at the given place, counted from 0. */
  public float distance(int query, int place) {
    return distances[index(query, place)];
  }

  private int index(int query, int place) {
    if (place < 0 || place >= k || rows[query * k + place] < 0) {
      throw new IndexOutOfBoundsException(place + " of " + found(query) + " answers");
    }
    return query * k + place;
  }
}
