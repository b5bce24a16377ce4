package akin.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.metric.Ranking;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The index answers as its formula says, in the one order, however it is asked. */
class IndexTest {
  private static final Session SESSION = new Session(Backends.open("cpu", 2), 2, Progress.NONE);
  private static final Index.Source SOURCE = new Index.Source("model", "preprocessing");

  @AfterAll
  static void close() {
    SESSION.backend().close();
  }

  @ParameterizedTest
  @EnumSource(Distance.class)
  void answersAreThoseOfTheFormula(Distance metric) {
    int[][] sizes = {{1, 1}, {3, 2}, {7, 8}, {255, 13}, {256, 4}, {257, 7}, {600, 64}};
    for (int[] size : sizes) {
      int n = size[0];
      int d = size[1];
      float[] gallery = vectors("gallery", n, d);
      float[] queries = vectors("queries", 5, d);
      Answers answers = index(gallery, n, metric).search(queries, 5, n, null);
      for (int q = 0; q < 5; q++) {
        float[] distances = new float[n];
        for (int row = 0; row < n; row++) {
          distances[row] = distance(metric, queries, q * d, gallery, row * d, d);
        }
        int[] order = Ranking.order(distances);
        assertEquals(n, answers.found(q));
        for (int i = 0; i < n; i++) {
          assertEquals(order[i], answers.row(q, i));
          assertEquals(distances[order[i]], answers.distance(q, i));
        }
      }
    }
  }

  /** The definition, one pair at a time. */
  private static float distance(
      Distance metric, float[] x, int from, float[] y, int at, int dimension) {
    float sum = 0;
    double xx = 0;
    double yy = 0;
    for (int d = 0; d < dimension; d++) {
      float a = x[from + d];
      float b = y[at + d];
      xx += (double) a * a;
      yy += (double) b * b;
      sum =
          switch (metric) {
            case EUCLIDEAN, SQUARED -> Math.fma(a - b, a - b, sum);
            case COSINE, DOT -> Math.fma(a, b, sum);
            case L1 -> sum + Math.abs(a - b);
          };
    }
    return switch (metric) {
      case EUCLIDEAN -> (float) Math.sqrt(sum);
      case COSINE ->
          (float)
              Math.max(
                  0, 1 - sum / (Math.max(Math.sqrt(xx), 1e-8) * Math.max(Math.sqrt(yy), 1e-8)));
      case DOT -> 0 - sum;
      case SQUARED, L1 -> sum;
    };
  }

  @ParameterizedTest
  @EnumSource(Distance.class)
  void theAnswerDoesNotDependOnTheBatchTheThreadsOrTheCompiler(Distance metric) {
    int d = 37;
    float[] gallery = vectors("gallery", 300, d);
    float[] queries = vectors("queries", 70, d);
    Index index = index(gallery, 300, metric);
    // The first search runs in the interpreter, later ones as compiled code.
    List<String> expected = texts(index.search(queries, 70, 9, null));
    for (int threads = 1; threads <= 5; threads++) {
      try (Backend backend = Backends.open("cpu", threads)) {
        for (SearchForm form : SearchForm.values()) {
          Index same = index.on(new Session(backend, threads, Progress.NONE), form);
          assertEquals(expected, texts(same.search(queries, 70, 9, null)));
        }
      }
    }
    for (int repeat = 0; repeat < 3; repeat++) {
      for (int q = 0; q < 70; q++) {
        float[] one = Arrays.copyOfRange(queries, q * d, (q + 1) * d);
        assertEquals(expected.get(q), texts(index.search(one, 1, 9, null)).get(0));
      }
    }
  }

  @Test
  void equalDistancesAreOrderedByRowAndNaNComesLast() {
    float[] gallery = {Float.NaN, 2, 1, 2, Float.POSITIVE_INFINITY, 1, 0, Float.NaN};
    Index index = index(gallery, 8, Distance.EUCLIDEAN);
    assertEquals(
        List.of(
            "6:0.0 2:1.0 5:1.0 1:2.0 3:2.0 4:Infinity 0:NaN 7:NaN",
            "0:NaN 1:NaN 2:NaN 3:NaN 4:NaN 5:NaN 6:NaN 7:NaN"),
        texts(index.search(new float[] {0, Float.NaN}, 2, 8, null)));
    assertEquals(List.of("6:0.0 2:1.0"), texts(index.search(new float[] {0}, 1, 2, null)));
  }

  @Test
  void aVectorIsAtDistanceZeroFromItselfAndNoDistanceIsNegative() {
    int d = 300;
    float[] gallery = vectors("gallery", 40, d);
    for (Distance metric : EnumSet.complementOf(EnumSet.of(Distance.DOT))) { // a product may be
      Answers answers = index(gallery, 40, metric).search(gallery, 40, 40, null);
      for (int q = 0; q < 40; q++) {
        assertEquals(q, answers.row(q, 0));
        // The cosine's sum of d products in float is within d roundings of the norms.
        double own = metric == Distance.COSINE ? d * 0x1p-24 : 0;
        assertEquals(0, answers.distance(q, 0), own);
        assertTrue(answers.distance(q, 0) >= 0);
      }
    }
    float[] zero = new float[d];
    assertEquals(1, index(gallery, 40, Distance.COSINE).search(zero, 1, 1, null).distance(0, 0));
  }

  @Test
  void theQueryItselfIsKeptOut() {
    float[] gallery = {0, 1, 2, 3};
    Index index = index(gallery, 4, Distance.SQUARED);
    Filter others = index.excluding(Arrays.asList("id0", "id2", "elsewhere", null));
    Answers answers = index.search(new float[] {0, 2, 0, 0}, 4, 4, others);
    assertEquals("1:1.0 2:4.0 3:9.0", texts(answers).get(0));
    assertEquals("1:1.0 3:1.0 0:4.0", texts(answers).get(1));
    assertEquals(4, answers.found(2));
    assertEquals(4, answers.found(3));
    assertEquals(3, answers.found(0));
    assertThrows(IndexOutOfBoundsException.class, () -> answers.row(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> answers.distance(0, 4));
    assertEquals(0, index.search(gallery, 4, 4, (query, row) -> false).found(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 65, 700})
  void aSetOfRowsAnswersAsItsPredicateDoes(int n) {
    Index index = index(vectors("gallery", n, 7), n, Distance.EUCLIDEAN);
    float[] queries = vectors("queries", 3, 7);
    RowSet set = RowSet.of(n, row -> row % 5 == 0 || row > 650).without(List.of(5, 655));
    Filter predicate = (query, row) -> (row % 5 == 0 || row > 650) && row != 5 && row != 655;
    int k = Math.min(n, 4);
    assertEquals(
        texts(index.search(queries, 3, k, predicate)), texts(index.search(queries, 3, k, set)));
    assertEquals(
        IntStream.range(0, n).filter(row -> predicate.accepts(0, row)).count(), set.size());
  }

  @Property(tries = 100, seed = "1")
  void searchingForKGivesTheFirstKOfAllWhateverTheFilter(
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 60) int k,
      @ForAll long seed) {
    RandomStream stream = RandomStream.of(seed, "ties");
    float[] gallery = new float[n];
    for (int i = 0; i < n; i++) {
      gallery[i] = stream.below(i, 6);
    }
    Filter filter = (query, row) -> stream.below(100 + row, 3) > 0;
    Index index = index(gallery, n, Distance.L1);
    String all = texts(index.search(new float[] {2}, 1, n, filter)).get(0);
    String[] first = Arrays.copyOf(all.split(" "), Math.min(k, all.split(" ").length));
    assertEquals(
        String.join(" ", first),
        texts(index.search(new float[] {2}, 1, Math.min(k, n), filter)).get(0));
  }

  @Test
  void whatCannotBeAnsweredIsRefused() {
    Index index = index(new float[] {0, 1, 2, 3}, 4, Distance.SQUARED);
    UserError error =
        assertThrows(UserError.class, () -> index.search(new float[] {0}, 1, 5, null));
    assertTrue(error.getMessage().contains("1 to 4"), error.getMessage());
    assertThrows(UserError.class, () -> index.search(new float[] {0}, 1, 0, null));
    assertThrows(
        IllegalArgumentException.class, () -> index.search(new float[] {0, 1}, 1, 1, null));
    assertThrows(UserError.class, () -> index(new float[0], 0, Distance.SQUARED));
    UserError twice =
        assertThrows(
            UserError.class,
            () ->
                new Index(
                    List.of("a", "b", "a"),
                    Vectors.of(new float[3], 3, 1),
                    Distance.SQUARED,
                    SOURCE));
    assertTrue(twice.getMessage().contains("'a'"), twice.getMessage());
    assertEquals(0, index.search(new float[0], 0, 1, null).queries());
  }

  @Test
  void queriesOfAnotherModelAreRefused() {
    Index index = index(new float[] {0}, 1, Distance.SQUARED);
    index.requireSource(new Index.Source("model", "preprocessing"));
    for (Index.Source other :
        List.of(new Index.Source("m2", "preprocessing"), new Index.Source("model", "p2"))) {
      UserError error = assertThrows(UserError.class, () -> index.requireSource(other));
      assertTrue(error.getMessage().matches("(?s).*(m2|p2).*"), error.getMessage());
    }
  }

  private static Index index(float[] gallery, int n, Distance metric) {
    List<String> ids = IntStream.range(0, n).mapToObj(i -> "id" + i).toList();
    Vectors rows = Vectors.of(gallery, n, n == 0 ? 1 : gallery.length / n);
    return new Index(ids, rows, metric, SOURCE).on(SESSION, SearchForm.INT8);
  }

  private static float[] vectors(String name, int n, int dimension) {
    RandomStream stream = RandomStream.of(3, name);
    float[] values = new float[n * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) stream.gaussian(i);
    }
    return values;
  }

  /** Each query's answers as "row:distance …". */
  private static List<String> texts(Answers answers) {
    List<String> texts = new ArrayList<>();
    for (int q = 0; q < answers.queries(); q++) {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < answers.found(q); i++) {
        found.add(answers.row(q, i) + ":" + answers.distance(q, i));
      }
      texts.add(String.join(" ", found));
    }
    return texts;
  }
}
