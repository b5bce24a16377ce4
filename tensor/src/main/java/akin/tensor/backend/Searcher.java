package akin.tensor.backend;

/**
 * A gallery prepared for exact nearest-neighbour search on a backend; to be asked by one thread at
 * a time.
 */
public interface Searcher extends AutoCloseable {
  /**
   * The k nearest gallery rows of each query, nearest first, ties by row; NaN distances sort last.
   * The answer to a query does not depend on the other queries of the batch. k may exceed the
   * gallery.
   *
   * @param queries [count, D], row-major
   * @param filter which gallery rows may answer which query; null for all
   * @param rows receives [count, k] row numbers; −1 where fewer than k rows passed the filter
   * @param distances receives [count, k]; NaN where the row is −1
   */
  void topK(float[] queries, int count, int k, Filter filter, int[] rows, float[] distances);

  /**
   * The distance of every query to every gallery row: the same numbers as in {@link #topK}.
   *
   * @param queries [count, D], row-major
   * @param distances receives [count, N]
   */
  void distances(float[] queries, int count, float[] distances);

  /** Which gallery rows may answer which query; asked from several threads at once. */
  @FunctionalInterface
  interface Filter {
    /** Whether gallery row {@code row} may be among the answers to query {@code query}. */
    boolean accepts(int query, int row);

    /**
     * A set that holds all rows which may answer the query, if one is known: row r is bit r mod 64
     * of element r / 64, and rows beyond the array are not in it. A search skips the others without
     * asking for each. Null if none is known.
     */
    default long[] candidates(int query) {
      return null;
    }
  }

  @Override
  void close();
}
