package akin.retrieval.evaluation;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Which rows of a gallery are right answers to which query; asked from one thread at a time. */
public interface Judgement {
  /**
   * The relevant rows, ascending; the same array again, where several queries share them, saves
   * work. It may hold {@link #leftOut}, which is not relevant.
   */
  int[] relevant(int query);

  /** The rows that are not ranked for the query, such as the query itself, ascending. */
  default int[] leftOut(int query) {
    return new int[0];
  }

  /** R: how many rows are relevant. */
  default int count(int query) {
    int[] rows = relevant(query);
    int count = rows.length;
    for (int row : leftOut(query)) {
      count -= Arrays.binarySearch(rows, row) >= 0 ? 1 : 0;
    }
    return count;
  }

  /** The largest R of queries 0 … n − 1. */
  default int most(int n) {
    return IntStream.range(0, n).map(this::count).max().orElse(0);
  }

  /**
   * Rows of the query's class are relevant; a query without a class (below 0) has none.
   *
   * @param leftOut the rows that are not ranked for a query, ascending
   */
  static Judgement ofClasses(int[] queries, int[] gallery, IntFunction<int[]> leftOut) {
    int classes = IntStream.of(gallery).max().orElse(-1) + 1;
    int[] sizes = new int[classes];
    IntStream.of(gallery).filter(c -> c >= 0).forEach(c -> sizes[c]++);
    int[][] rows = IntStream.of(sizes).mapToObj(int[]::new).toArray(int[][]::new);
    Arrays.fill(sizes, 0);
    for (int row = 0; row < gallery.length; row++) {
      int c = gallery[row];
      if (c >= 0) {
        rows[c][sizes[c]++] = row;
      }
    }
    int[] none = {};
    return new Judgement() {
      @Override
      public int[] relevant(int query) {
        int c = queries[query];
        return c >= 0 && c < classes ? rows[c] : none;
      }

      @Override
      public int[] leftOut(int query) {
        return leftOut.apply(query);
      }
    };
  }
}
