package akin.tensor.backend;

/** A gallery prepared for exact nearest-neighbour search on a backend. */
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

  /** Which gallery rows may answer which query; asked from several threads at once. */
  @FunctionalInterface
  interface Filter {
    /** Whether gallery row {@code row} may be among the answers to query {@code query}. */
    boolean accepts(int query, int row);
  }

  @Override
  void close();
}
