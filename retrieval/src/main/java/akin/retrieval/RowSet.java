package akin.retrieval;

import akin.tensor.backend.Searcher.Filter;
import java.util.BitSet;
import java.util.function.IntPredicate;

/** The rows of a gallery that may answer, the same for all queries; a search skips the others. */
public final class RowSet implements Filter {
  private final BitSet rows;
  private final long[] words;

  private RowSet(BitSet rows) {
    this.rows = rows;
    words = rows.toLongArray();
  }

  /** Those of rows 0 … n − 1 for which the predicate holds. */
  public static RowSet of(int n, IntPredicate holds) {
    BitSet rows = new BitSet(n);
    for (int row = 0; row < n; row++) {
      rows.set(row, holds.test(row));
    }
    return new RowSet(rows);
  }

  /** The same set without some rows. */
  public RowSet without(Iterable<Integer> some) {
    BitSet left = (BitSet) rows.clone();
    some.forEach(left::clear);
    return new RowSet(left);
  }

  /** The number of rows. */
  public int size() {
    return rows.cardinality();
  }

  /** Whether the row is in the set. */
  public boolean contains(int row) {
    return rows.get(row);
  }

  @Override
  public boolean accepts(int query, int row) {
    return rows.get(row);
  }

  @Override
  public long[] candidates(int query) {
    return words;
  }
}
