package akin.tensor.check;

import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cases for the order of answers where distances are not finite: finite ones come first, then
 * infinite ones, then those that are NaN, each kind that is alike in order of rows.
 */
final class SearchOrderContract {
  private static final int ROWS = 470;
  private static final int WIDTH = 9;

  /** Few enough of the rows for any searcher to think of ruling some out. */
  private static final int FEW = 20;

  private SearchOrderContract() {}

  static void addTo(List<ContractCase> cases) {
    for (Distance f : Distance.values()) {
      for (SearchForm form : SearchForm.values()) {
        for (int count : new int[] {1, 16, 40}) {
          String name = f + ", " + form + ", " + count + " queries, ";
          cases.add(
              new ContractCase("searcher", name + "not finite", t -> order(t, f, form, count)));
        }
        cases.add(
            new ContractCase("searcher", f + ", " + form + ", NaN asks", t -> asked(t, f, form)));
      }
    }
  }

  /** NaN in every tenth row from row 3 on, an infinity in every tenth from row 7 on. */
  private static float[] gallery(ContractBench t) {
    float[] gallery = MemoryContract.floats(t.normal(ROWS * WIDTH));
    for (int row = 0; row < ROWS; row++) {
      if (row % 10 == 3) {
        gallery[row * WIDTH + row % WIDTH] = Float.NaN;
      } else if (row % 10 == 7) {
        gallery[row * WIDTH + row % WIDTH] =
            row % 20 == 7 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
      }
    }
    return gallery;
  }

  /** The cosine with an infinite row is NaN; the other distances to it are infinite. */
  private static boolean notNumber(Distance f, int row) {
    return row % 10 == 3 || f == Distance.COSINE && row % 10 == 7;
  }

  private static int[] last(Distance f, Filter filter) {
    IntStream rows = IntStream.range(0, ROWS).filter(row -> filter.accepts(0, row));
    int[] passed = rows.toArray();
    IntStream infinite = IntStream.of(passed).filter(row -> row % 10 == 7 && !notNumber(f, row));
    return IntStream.concat(infinite, IntStream.of(passed).filter(row -> notNumber(f, row)))
        .toArray();
  }

  private static void order(ContractBench t, Distance f, SearchForm form, int count) {
    float[] gallery = gallery(t);
    float[] queries = MemoryContract.floats(t.normal(count * WIDTH));
    Filter all = (query, row) -> true;
    Filter wild = (query, row) -> row % 10 == 3 || row % 10 == 7 || row < 3;
    Filter odd = (query, row) -> row % 10 == 3 || row < 3;
    boolean last = true;
    boolean first = true;
    boolean found = true;
    try (Searcher searcher = t.backend().searcher(Vectors.of(gallery, ROWS, WIDTH), f, form)) {
      for (int round = 0; round < 2; round++) { // a searcher may answer in another way once asked
        int[] whole = ask(searcher, queries, count, ROWS, null);
        int[] few = ask(searcher, queries, count, FEW, null);
        for (int q = 0; q < count; q++) {
          int[] own = Arrays.copyOfRange(whole, q * ROWS, (q + 1) * ROWS);
          last &= endsWith(own, last(f, all));
          first &= Arrays.equals(own, 0, FEW, few, q * FEW, (q + 1) * FEW);
        }
        for (Filter filter : List.of(wild, odd)) {
          int[] passed = ask(searcher, queries, count, FEW, filter);
          int[] expected = Arrays.copyOf(last(f, filter), FEW - 3);
          for (int q = 0; q < count; q++) {
            found &= endsWith(Arrays.copyOfRange(passed, q * FEW, (q + 1) * FEW), expected);
          }
        }
      }
    }
    t.holds("infinities and then NaN are last, by row", last);
    t.holds("few answers are the first of all", first);
    t.holds("where few finite ones pass a filter, the others follow", found);
  }

  /** All distances to a query that holds NaN are NaN, so rows are all that orders them. */
  private static void asked(ContractBench t, Distance f, SearchForm form) {
    float[] gallery = gallery(t);
    int count = 5;
    float[] queries = MemoryContract.floats(t.normal(count * WIDTH));
    int[] rising = IntStream.range(0, FEW).toArray();
    queries[2 * WIDTH + 1] = Float.NaN;
    boolean byRow = true;
    boolean others = true;
    try (Searcher searcher = t.backend().searcher(Vectors.of(gallery, ROWS, WIDTH), f, form)) {
      for (int round = 0; round < 2; round++) {
        int[] rows = ask(searcher, queries, count, FEW, null);
        byRow &= Arrays.equals(rising, Arrays.copyOfRange(rows, 2 * FEW, 3 * FEW));
        int[] alone = ask(searcher, Arrays.copyOf(queries, WIDTH), 1, FEW, null);
        others &= Arrays.equals(alone, Arrays.copyOf(rows, FEW));
      }
    }
    t.holds("in order of rows", byRow);
    t.holds("other queries are not spoiled", others);
  }

  private static int[] ask(Searcher searcher, float[] queries, int count, int k, Filter filter) {
    int[] rows = new int[count * k];
    searcher.topK(queries, count, k, filter, rows, new float[count * k]);
    return rows;
  }

  private static boolean endsWith(int[] rows, int[] end) {
    int from = rows.length - end.length;
    return Arrays.equals(rows, from, rows.length, end, 0, end.length);
  }
}
