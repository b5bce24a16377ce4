package akin.tensor.check;

import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Cases for exact search. */
final class SearchContract {
  private SearchContract() {}

  static void addTo(List<ContractCase> cases) {
    // gallery rows, width, queries, k
    int[][] sizes = {
      {1, 1, 1, 1},
      {7, 3, 3, 2},
      {13, 8, 1, 13},
      {64, 13, 7, 8},
      {207, 64, 13, 10},
      {702, 7, 8, 50},
      {702, 13, 64, 3},
      {207, 702, 3, 5},
      {3, 2, 2, 7},
      {3_001, 5, 9, 3},
      {64, 3, 300, 2},
      {8, 3, 0, 2},
      {0, 3, 2, 2},
      {1, 3, 2, 1},
      {97, 0, 3, 2},
      {13, 3, 2, 0},
      {331, 300, 17, 10},
      {131, 5, 256, 4}
    };
    int[] longer = {270_001, 2, 1, 5};
    cases.add(
        new ContractCase(
            "searcher", "a long gallery, ties", t -> ties(t, Distance.SQUARED, longer)));
    for (Distance f : Distance.values()) {
      for (int[] s : sizes) {
        String name = f + " " + s[2] + " queries, " + s[3] + " of [" + s[0] + "," + s[1] + "]";
        cases.add(new ContractCase("searcher", name, t -> search(t, f, s, 0, null)));
        cases.add(
            new ContractCase("searcher", name + ", far from 0", t -> search(t, f, s, 100, null)));
        Filter some = (query, row) -> (row * 7 + query) % 3 == 0;
        cases.add(new ContractCase("searcher", name + ", filtered", t -> search(t, f, s, 0, some)));
        cases.add(new ContractCase("searcher", name + ", ties", t -> ties(t, f, s)));
      }
      cases.add(
          new ContractCase(
              "searcher",
              f + ", nothing passes the filter",
              t -> search(t, f, new int[] {13, 3, 2, 4}, 0, (query, row) -> false)));
      cases.add(new ContractCase("searcher", f + ", sets of rows", t -> sets(t, f)));
      cases.add(new ContractCase("searcher", f + ", NaN in the gallery", t -> notANumber(t, f)));
      for (SearchForm form : SearchForm.values()) {
        String name = f + ", " + form;
        cases.add(
            new ContractCase("searcher", name + ", extreme numbers", t -> extremes(t, f, form)));
        cases.add(
            new ContractCase(
                "searcher", name + ", rows that are nearly alike", t -> alike(t, f, form)));
      }
    }
  }

  /** Answers [count,k] to a batch of queries. */
  private record Answers(int[] rows, float[] distances) {
    static Answers of(Searcher searcher, float[] queries, int count, int k, Filter filter) {
      Answers a = new Answers(new int[count * k], new float[count * k]);
      searcher.topK(queries, count, k, filter, a.rows, a.distances);
      return a;
    }

    double[] rowNumbers() {
      return IntStream.of(rows).asDoubleStream().toArray();
    }
  }

  /**
   * Neighbours that are nearly as far may change places, so the rows themselves are not compared:
   * they must be rows that pass, each once, in order, whose true distances are those of the
   * reference.
   */
  private static void search(ContractBench t, Distance f, int[] s, double centre, Filter filter) {
    int n = s[0];
    int d = s[1];
    int count = s[2];
    int k = s[3];
    float[] gallery = numbers(t, n * d, centre);
    float[] queries = numbers(t, count * d, centre);
    Answers all;
    boolean alone = true;
    boolean first = true;
    try (Searcher searcher = t.backend().searcher(gallery, n, d, f)) {
      all = Answers.of(searcher, queries, count, k, filter);
      Answers whole = Answers.of(searcher, queries, count, n, filter);
      for (int q = 0; q < count; q++) {
        float[] query = Arrays.copyOfRange(queries, q * d, (q + 1) * d);
        int number = q;
        Filter moved = filter == null ? null : (zero, row) -> filter.accepts(number, row);
        Answers one = Answers.of(searcher, query, 1, k, moved);
        alone &= same(one, 0, all, q * k, k);
        first &= same(whole, q * n, all, q * k, Math.min(k, n));
      }
    }
    if (count > 0) { // a searcher may answer its first query in another way
      try (Searcher fresh =
          t.backend().searcher(Vectors.of(gallery, n, d), f, SearchForm.FLOAT32)) {
        alone &= same(Answers.of(fresh, Arrays.copyOf(queries, d), 1, k, filter), 0, all, 0, k);
        alone &= same(Answers.of(fresh, queries, count, k, filter), 0, all, 0, count * k);
        float[] far = new float[count * n];
        fresh.distances(queries, count, far);
        for (int i = 0; i < count * k; i++) {
          int row = all.rows[i];
          alone &= row < 0 || Float.compare(far[i / k * n + row], all.distances[i]) == 0;
        }
      }
    }
    t.check("gallery after the call", MemoryContract.doubles(gallery), Bound.EXACT);
    t.check("queries after the call", MemoryContract.doubles(queries), Bound.EXACT);
    t.holds("the same answers to each query alone, with a sketch or without", alone);
    t.holds("the first of all", first);
    t.holds("rows pass the filter, each once, nearest first, ties by row", ordered(all, s, filter));
    double[] truth = new double[count * k];
    for (int i = 0; i < truth.length; i++) {
      int row = all.rows[i];
      truth[i] = row < 0 ? Double.NaN : between(f, queries, i / k * d, gallery, row * d, d);
    }
    double[] found = MemoryContract.doubles(all.distances);
    Bound bound =
        switch (f) {
          case COSINE -> Bound.of(2 * d + 14, 1);
          case DOT -> Bound.of(d + 8, lengths(gallery, queries, s));
          case EUCLIDEAN, SQUARED, L1 -> Bound.ofTerms(d + 8);
        };
    t.check("distances", found, bound);
    t.check("true distances of the rows", truth, twice(bound));
  }

  /** For each answer ‖x‖·max ‖y‖ over the gallery's rows y: no Σ|x_d·y_d| is above it. */
  private static double[] lengths(float[] gallery, float[] queries, int[] s) {
    double longest = 0;
    for (int row = 0; row < s[0]; row++) {
      longest = Math.max(longest, length(gallery, row * s[1], s[1]));
    }
    double[] lengths = new double[s[2] * s[3]];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = length(queries, i / s[3] * s[1], s[1]) * longest;
    }
    return lengths;
  }

  private static double length(float[] x, int start, int d) {
    double squares = 0;
    for (int i = start; i < start + d; i++) {
      squares += (double) x[i] * x[i];
    }
    return Math.sqrt(squares);
  }

  /** Two neighbours change places when both their distances are off. */
  private static Bound twice(Bound bound) {
    return new Bound(2 * bound.roundings(), bound.magnitude(), bound.more());
  }

  private static float[] numbers(ContractBench t, int n, double centre) {
    float[] x = MemoryContract.floats(t.normal(n));
    for (int i = 0; i < n; i++) {
      x[i] += (float) centre;
    }
    return x;
  }

  private static boolean same(Answers a, int i, Answers b, int j, int length) {
    return Arrays.equals(a.rows, i, i + length, b.rows, j, j + length)
        && Arrays.equals(a.distances, i, i + length, b.distances, j, j + length);
  }

  private static boolean ordered(Answers a, int[] s, Filter filter) {
    for (int i = 0; i < a.rows.length; i++) {
      int row = a.rows[i];
      int query = i / s[3];
      if (row < -1 || row >= s[0] || row >= 0 && filter != null && !filter.accepts(query, row)) {
        return false;
      }
      if (i % s[3] > 0 && !before(a, i - 1, i)) {
        return false;
      }
    }
    return true;
  }

  /** Nearer, or as near with a smaller row; those without a row last. Then none comes twice. */
  private static boolean before(Answers a, int i, int j) {
    if (a.rows[j] < 0) {
      return true;
    }
    int order = Float.compare(a.distances[i] + 0f, a.distances[j] + 0f); // NaN last; −0 is 0
    return a.rows[i] >= 0 && (order < 0 || order == 0 && a.rows[i] < a.rows[j]);
  }

  /** The definition, in float64. */
  private static double between(Distance f, float[] a, int startA, float[] b, int startB, int d) {
    double squares = 0;
    double absolutes = 0;
    double product = 0;
    double normA = 0;
    double normB = 0;
    for (int i = 0; i < d; i++) {
      double x = a[startA + i];
      double y = b[startB + i];
      squares += (x - y) * (x - y);
      absolutes += Math.abs(x - y);
      product += x * y;
      normA += x * x;
      normB += y * y;
    }
    return switch (f) {
      case EUCLIDEAN -> Math.sqrt(squares);
      case SQUARED -> squares;
      case L1 -> absolutes;
      case DOT -> -product;
      case COSINE ->
          1 - product / Math.max(Math.sqrt(normA), 1e-8) / Math.max(Math.sqrt(normB), 1e-8);
    };
  }

  /** Small whole numbers have exact distances, so the rows must be those of the reference. */
  private static void ties(ContractBench t, Distance f, int[] s) {
    int n = s[0];
    int d = s[1];
    float[] gallery = MemoryContract.floats(t.whole((long) n * d, -2, 3));
    float[] queries = MemoryContract.floats(t.whole((long) s[2] * d, -2, 3));
    if (f == Distance.COSINE) { // unit vectors along an axis: 0, 1 or 2
      alongAxes(gallery, d);
      alongAxes(queries, d);
    }
    try (Searcher searcher = t.backend().searcher(gallery, n, d, f)) {
      Answers all = Answers.of(searcher, queries, s[2], s[3], null);
      t.check("gallery after the call", MemoryContract.doubles(gallery), Bound.EXACT);
      t.check("rows", all.rowNumbers(), Bound.EXACT);
      t.check("distances", MemoryContract.doubles(all.distances), Bound.ofTerms(4));
    }
  }

  private static void alongAxes(float[] x, int d) {
    for (int start = 0; start < x.length; start += d) {
      float first = x[start];
      Arrays.fill(x, start, start + d, 0);
      x[start + Math.abs((int) first) % d] = first < 0 ? -1 : 1;
    }
  }

  private static void notANumber(ContractBench t, Distance f) {
    float[] gallery = {Float.NaN, 1, 3, 4, 1, Float.NaN, 1, 2, 5, 5};
    try (Searcher searcher = t.backend().searcher(gallery, 5, 2, f)) {
      for (int k = 1; k <= 6; k++) {
        Answers all = Answers.of(searcher, new float[] {1, 2}, 1, k, null);
        t.check("rows of k=" + k, all.rowNumbers(), Bound.EXACT);
      }
    }
  }

  /** Whatever stands in a gallery or a query, few answers are the first of all, in order. */
  private static void extremes(ContractBench t, Distance f, SearchForm form) {
    int n = 450;
    int d = 5;
    int count = 18;
    int k = 6;
    float[] wild = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MAX_VALUE,
      -1e30f,
      1e19f,
      1e-20f,
      -1e-30f,
      Float.MIN_VALUE,
      0
    };
    float[] gallery = numbers(t, n * d, 0);
    float[] queries = numbers(t, count * d, 0);
    for (int i = 0; i < n; i += 9) { // one number of the row, or all
      Arrays.fill(gallery, i * d, i * d + (i % 2 == 0 ? 1 : d), wild[i / 9 % wild.length]);
    }
    for (int q = 0; q < wild.length; q++) {
      Arrays.fill(queries, q * d, q * d + (q % 2 == 0 ? 1 : d), wild[q]);
    }
    try (Searcher searcher = t.backend().searcher(Vectors.of(gallery, n, d), f, form)) {
      Answers few = Answers.of(searcher, queries, count, k, null);
      Answers whole = Answers.of(searcher, queries, count, n, null);
      boolean first = true;
      for (int q = 0; q < count; q++) {
        first &= same(whole, q * n, few, q * k, k);
      }
      t.holds("the first of all", first);
      t.holds("in order", ordered(whole, new int[] {n, d, count, n}, null));
    }
  }

  /** Differences far below the size of the numbers, and rows that are exact copies. */
  private static void alike(ContractBench t, Distance f, SearchForm form) {
    int n = 480;
    int d = 24;
    int k = 7;
    float[] gallery = numbers(t, n * d, 0);
    for (int i = d; i < n * d; i++) {
      gallery[i] = gallery[i % d] * (1 + gallery[i] * (i / d % 3 == 0 ? 0 : 1e-5f));
    }
    float[] queries = Arrays.copyOf(gallery, 16 * d);
    try (Searcher searcher = t.backend().searcher(Vectors.of(gallery, n, d), f, form)) {
      Answers few = Answers.of(searcher, queries, 16, k, null);
      Answers whole = Answers.of(searcher, queries, 16, n, null);
      boolean first = true;
      for (int q = 0; q < 16; q++) {
        first &= same(whole, q * n, few, q * k, k);
      }
      t.holds("the first of all", first);
      t.holds("in order", ordered(few, new int[] {n, d, 16, k}, null));
    }
  }

  /** A filter that knows its sets gives what it gives when each row is asked for. */
  private static void sets(ContractBench t, Distance f) {
    int n = 702;
    int d = 13;
    int count = 9;
    int k = 8;
    float[] gallery = numbers(t, n * d, 0);
    float[] queries = numbers(t, count * d, 0);
    Filter asked = (query, row) -> row < 131 * query && (row * 7 + query) % 3 == 0;
    Filter known =
        new Filter() {
          @Override
          public boolean accepts(int query, int row) {
            return asked.accepts(query, row);
          }

          @Override
          public long[] candidates(int query) {
            BitSet rows = new BitSet();
            IntStream.range(0, n).filter(row -> row < 131 * query).forEach(rows::set);
            return query == 3 ? null : rows.toLongArray();
          }
        };
    try (Searcher searcher = t.backend().searcher(gallery, n, d, f)) {
      boolean same = true;
      for (int few : new int[] {1, count, 1}) { // at first without a sketch
        Answers a = Answers.of(searcher, queries, few, k, asked);
        same &= same(Answers.of(searcher, queries, few, k, known), 0, a, 0, few * k);
        t.holds("rows pass the filter", ordered(a, new int[] {n, d, few, k}, asked));
      }
      Answers whole = Answers.of(searcher, queries, count, n, asked);
      same &= same(Answers.of(searcher, queries, count, n, known), 0, whole, 0, count * n);
      t.holds("the same answers", same);
    }
  }
}
