package akin.tensor.cpu;

import akin.tensor.backend.Searcher.Filter;
import java.util.Arrays;

/**
 * Some queries of one call that are answered together.
 *
 * @param queries [count, d] of the call, row-major
 * @param numbers which of them are asked
 * @param k answers to each, at most the size of the gallery
 * @param sets what the filter says of its candidates, for each of those asked
 */
record Ask(float[] queries, int d, int[] numbers, int k, Filter filter, long[][] sets) {
  /** Queries of a tile; taller tiles were found to be slower. */
  static final int TALLEST = 8;

  Ask(float[] queries, int d, int[] numbers, int k, Filter filter) {
    this(queries, d, numbers, k, filter, sets(numbers, filter));
  }

  /** The sets of rows that may answer, where one is known; null if the filter knows none. */
  private static long[][] sets(int[] numbers, Filter filter) {
    if (filter == null) {
      return null;
    }
    long[][] sets = new long[numbers.length][];
    boolean any = false;
    for (int i = 0; i < sets.length; i++) {
      sets[i] = filter.candidates(numbers[i]);
      any |= sets[i] != null;
    }
    return any ? sets : null;
  }

  int count() {
    return numbers.length;
  }

  /** Where query i of those asked begins. */
  int at(int i) {
    return numbers[i] * d;
  }

  double norm(int i) {
    return PairDistance.norm(queries, at(i), d);
  }

  boolean accepts(int i, int row) {
    return filter == null || filter.accepts(numbers[i], row);
  }

  /**
   * Which of rows {@code first} … may answer query i as far as its set tells: bit r for row first +
   * r, up to the next multiple of 64.
   */
  long allowed(int i, int first) {
    if (sets == null || sets[i] == null) {
      return -1;
    }
    int word = first >>> 6;
    return word < sets[i].length ? sets[i][word] >>> (first & 63) : 0;
  }

  /** Whether none of {@code rows} rows may answer any query, as far as the sets tell. */
  boolean excludes(int first, int rows) {
    boolean none = sets != null;
    for (int i = 0; none && i < sets.length; i++) {
      for (int r = 0; none && r < rows; r += 64 - (first + r & 63)) {
        long left = allowed(i, first + r);
        none = (rows - r >= 64 ? left : left & (1L << rows - r) - 1) == 0;
      }
    }
    return none;
  }

  /** The height of tiles that share the queries evenly. */
  int group(Gemm.Kind kind) {
    int tallest = Math.min(kind.tallest(), TALLEST);
    int groups = (count() + tallest - 1) / tallest;
    return (count() + groups - 1) / groups;
  }

  /** The queries, packed for tiles of {@link #group} rows: that of query i begins at i·d. */
  float[] packed(Gemm.Kind kind) {
    return packed(group(kind), false);
  }

  /** The queries, packed in groups: the last one as high as the others if {@code padded}. */
  float[] packed(int group, boolean padded) {
    int count = count();
    float[] own = new float[count * d];
    for (int i = 0; i < count; i++) {
      System.arraycopy(queries, at(i), own, i * d, d);
    }
    Matrix matrix = new Matrix(own, 0, d, false);
    float[] packed = new float[(count + group - 1) / group * group * d];
    for (int i = 0; i < count; i += group) {
      int height = Math.min(group, count - i);
      matrix.packRows(i, height, padded ? group : height, 0, d, packed, i * d);
    }
    return packed;
  }

  /** Room for the best answers of each query. */
  Best[] best() {
    Best[] best = new Best[count()];
    Arrays.setAll(best, i -> new Best(k));
    return best;
  }
}
