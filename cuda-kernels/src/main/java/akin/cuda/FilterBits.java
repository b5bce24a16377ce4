package akin.cuda;

import akin.tensor.backend.Searcher.Filter;
import java.util.stream.IntStream;

/** A filter, asked on the host, as bits: row r is bit r mod 32 of word r/32 of its query. */
final class FilterBits {
  private FilterBits() {}

  /** Words of a query over so many rows. */
  static int words(int rows) {
    return (rows + 31) / 32;
  }

  /** Bits of queries {@code first} … {@code first + queries − 1}, one query after the other. */
  static int[] of(Filter filter, int first, int queries, int rows) {
    int words = words(rows);
    int[] bits = new int[Math.multiplyExact(queries, words)];
    for (int q = 0; q < queries; q++) {
      int query = first + q;
      int at = q * words;
      long[] candidates = filter.candidates(query);
      IntStream.range(0, words)
          .parallel()
          .forEach(word -> bits[at + word] = word(filter, query, candidates, word, rows));
    }
    return bits;
  }

  private static int word(Filter filter, int query, long[] candidates, int word, int rows) {
    int left = candidates == null ? -1 : half(candidates, word);
    int bits = 0;
    while (left != 0) {
      int bit = Integer.numberOfTrailingZeros(left);
      int row = 32 * word + bit;
      if (row < rows && row >= 0 && filter.accepts(query, row)) {
        bits |= 1 << bit;
      }
      left &= left - 1;
    }
    return bits;
  }

  private static int half(long[] set, int word) {
    return word / 2 < set.length ? (int) (set[word / 2] >>> 32 * (word % 2)) : 0;
  }
}
