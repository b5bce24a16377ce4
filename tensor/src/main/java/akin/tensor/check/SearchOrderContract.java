package akin.tensor.check;

import static java.util.stream.Collectors.groupingBy;

import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Cases for the order of answers where distances are not finite: −∞ comes first, which only a
 * product can be, then finite ones, then ∞, then NaN, each kind that is alike in order of rows.
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

  /** Of rows that pass a filter, those before the finite ones, how many these are, and the rest. */
  private record Order(int[] before, int finite, int[] after) {
    static Order of(Distance f, float[] queries, int q, Filter filter) {
      int[] passed = IntStream.range(0, ROWS).filter(row -> filter.accepts(q, row)).toArray();
      Map<Kind, List<Integer>> kinds =
          IntStream.of(passed).boxed().collect(groupingBy(row -> kind(f, queries, q, row)));
      List<Integer> after = new ArrayList<>(kinds.getOrDefault(Kind.INFINITE, List.of()));
      after.addAll(kinds.getOrDefault(Kind.NO_NUMBER, List.of()));
      return new Order(
          numbers(kinds.getOrDefault(Kind.MINUS_INFINITE, List.of())),
          kinds.getOrDefault(Kind.FINITE, List.of()).size(),
          numbers(after));
    }

    private static int[] numbers(List<Integer> rows) {
      return rows.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Whether these may be the first answers, whatever the order of the finite ones. */
    boolean holds(int[] answers) {
      int first = Math.min(before.length, answers.length);
      int last = Math.min(before.length + finite, answers.length);
      return Arrays.equals(answers, 0, first, before, 0, first)
          && Arrays.equals(answers, last, answers.length, after, 0, answers.length - last);
    }
  }

  private enum Kind {
    MINUS_INFINITE,
    FINITE,
    INFINITE,
    NO_NUMBER
  }

  /** The distance of a row to a finite query. */
  private static Kind kind(Distance f, float[] queries, int q, int row) {
    if (row % 10 != 7) {
      return row % 10 == 3 ? Kind.NO_NUMBER : Kind.FINITE;
    }
    return switch (f) {
      case EUCLIDEAN, SQUARED, L1 -> Kind.INFINITE;
      case COSINE -> Kind.NO_NUMBER;
      case DOT ->
          queries[q * WIDTH + row % WIDTH] > 0 == (row % 20 == 7)
              ? Kind.MINUS_INFINITE
              : Kind.INFINITE;
    };
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
          last &= Order.of(f, queries, q, all).holds(own);
          first &= Arrays.equals(own, 0, FEW, few, q * FEW, (q + 1) * FEW);
        }
        for (Filter filter : List.of(wild, odd)) {
          int[] passed = ask(searcher, queries, count, FEW, filter);
          for (int q = 0; q < count; q++) {
            int[] own = Arrays.copyOfRange(passed, q * FEW, (q + 1) * FEW);
            found &= Order.of(f, queries, q, filter).holds(own);
          }
        }
      }
    }
    t.holds("minus infinity first, infinity and then NaN last, by row", last);
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
}
