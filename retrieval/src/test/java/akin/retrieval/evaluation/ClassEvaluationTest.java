package akin.retrieval.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.metric.FalseMatches;
import akin.retrieval.metric.Metric;
import akin.retrieval.metric.QueryFigures;
import akin.retrieval.metric.RankedRelevance;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured of classes beside ranks, by its definitions. */
class ClassEvaluationTest {
  private static final int[] CLASSES = {0, 1, 1, 2, 0, -1};

  // ---- votes ----

  @Test
  void theMajorityWinsAndOfEqualsTheNearest() {
    int[] rows = {1, 0, 4, 3, 2};
    float[] distances = {1, 2, 3, 4, 5};
    assertEquals(1, new Votes(1, false).winner(rows, distances, CLASSES));
    assertEquals(1, new Votes(2, false).winner(rows, distances, CLASSES), "1 and 0: 1 is nearer");
    assertEquals(0, new Votes(3, false).winner(rows, distances, CLASSES));
    assertEquals(1, new Votes(5, false).winner(rows, distances, CLASSES), "two of each: nearest");
    assertEquals(1, new Votes(3, true).winner(rows, distances, CLASSES), "1 > 1/2 + 1/3");
    assertEquals(0, new Votes(3, true).winner(rows, new float[] {3, 4, 5}, CLASSES));
  }

  @Test
  void rowsWithoutAClassDoNotVoteAndZeroDistancesDecide() {
    assertEquals(2, new Votes(2, false).winner(new int[] {5, 3}, new float[2], CLASSES));
    assertEquals(-1, new Votes(2, true).winner(new int[] {5, -1}, new float[2], CLASSES));
    float[] distances = {0, 1e-30f, 1e-30f};
    assertEquals(2, new Votes(3, true).winner(new int[] {3, 1, 2}, distances, CLASSES));
    assertEquals(1, new Votes(3, false).winner(new int[] {3, 1, 2}, distances, CLASSES));
    int[] beside = {5, 1, 0}; // only rows that vote can lie at no distance
    assertEquals(1, new Votes(3, true).winner(beside, new float[] {0, 1, 2}, CLASSES));
  }

  // ---- confusion ----

  @Test
  void confusedClassesAreCountedMostOftenFirst() {
    Confusion.Counter counter = new Confusion.Counter(List.of("a", "b", "c"));
    int[][] pairs = {{0, 0}, {0, 1}, {2, 1}, {2, 1}, {1, 1}, {2, 0}, {2, -1}};
    for (int[] pair : pairs) {
      counter.add(pair[0], pair[1]);
    }
    Confusion confusion = counter.counted();
    assertEquals(1, confusion.none());
    assertEquals(2, confusion.count(2, 1));
    List<Confusion.Pair> worst = confusion.worst(2);
    assertEquals(new Confusion.Pair("c", "b", 2, 2 / 3.0), worst.get(0));
    assertEquals(new Confusion.Pair("a", "b", 1, 1 / 2.0), worst.get(1), "equal: in order");
    assertArrayEquals(new double[] {0.5, 0.5, 0}, confusion.shares()[0]);
  }

  // ---- intervals ----

  @Test
  void intervalsHoldTheMeanAndNarrowWithMoreQueries() {
    Bootstrap.Interval few = interval(50, 1, 1);
    Bootstrap.Interval many = interval(5000, 1, 1);
    assertEquals(many, interval(5000, 1, 3), "at any thread count");
    assertTrue(!many.equals(interval(5000, 2, 1)), "another seed draws others");
    assertTrue(few.low() < 0.5 && few.high() > 0.5, few.toString());
    // Of n coins: 2·1.96·½/√n, to a fifth for a thousand resamples.
    assertEquals(1.96 / Math.sqrt(50), few.high() - few.low(), 0.2 * 1.96 / Math.sqrt(50));
    assertEquals(1.96 / Math.sqrt(5000), many.high() - many.low(), 0.2 * 1.96 / Math.sqrt(5000));
    QueryFigures none = QueryFigures.of(List.of(), Metric.named(List.of("P@1")));
    assertEquals(Map.of(), new Bootstrap(10, 1).intervals(none, 1));
  }

  /** Every other query is right; those in between have no relevant row and are not drawn. */
  private static Bootstrap.Interval interval(int n, long seed, int threads) {
    List<RankedRelevance> rankings = new ArrayList<>();
    for (int q = 0; q < n; q++) {
      rankings.add(RankedRelevance.of(new boolean[] {q % 2 == 0, q % 2 == 1}));
      rankings.add(RankedRelevance.of(new boolean[2]));
    }
    QueryFigures figures = QueryFigures.of(rankings, Metric.named(List.of("P@1")));
    return new Bootstrap(1000, seed).intervals(figures, threads).get("P@1");
  }

  // ---- pairs ----

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void falseNonMatchesOfAllPairsAreThoseOfTheDefinition(int threads) {
    double[] rates = {0, 1e-3, 0.01, 0.25, 0.999, 1};
    for (long seed = 0; seed < 12; seed++) {
      RandomStream stream = RandomStream.of(seed, "pairs");
      int n = 40 + (int) seed;
      int d = 3;
      float[] rows = new float[n * d];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = seed % 2 == 0 ? stream.below(i, 3) : (float) stream.gaussian(i);
      }
      rows[5] = seed % 3 == 0 ? 3e38f : rows[5]; // infinitely far
      int[] classes = IntStream.range(0, n).map(i -> stream.below(900 + i, 6) - 1).toArray();
      Vectors vectors = Vectors.of(rows, n, d);
      Judgement judgement = Judgement.ofClasses(classes, classes, q -> new int[] {q});
      MemoryPlan.Work work = new MemoryPlan.Work(n, n, d, n, 0, 0, 0, threads);
      MemoryPlan plan = new MemoryPlan(work, 0, 0, 7, 11);
      try (Backend backend = Backends.open("cpu", threads)) {
        double[] found =
            new FalseNonMatches(
                    new ExactRanking(vectors, vectors, Distance.EUCLIDEAN, judgement, plan),
                    rates,
                    new Session(backend, threads, Progress.NONE))
                .shares();
        double[][] pairs = pairs(backend, vectors, classes);
        for (int i = 0; i < rates.length; i++) {
          assertEquals(
              FalseMatches.nonMatchRate(pairs[0], pairs[1], rates[i]),
              found[i],
              seed + ": " + rates[i]);
        }
      }
    }
  }

  /** Distances of positive and of negative pairs. */
  private static double[][] pairs(Backend backend, Vectors rows, int[] classes) {
    int n = rows.count();
    float[] all = new float[n * n];
    float[] queries = new float[n * rows.width()];
    rows.read(0, n, queries, 0);
    try (Searcher searcher = backend.searcher(rows, Distance.EUCLIDEAN, SearchForm.FLOAT32)) {
      searcher.distances(queries, n, all);
    }
    List<List<Double>> kinds = List.of(new ArrayList<>(), new ArrayList<>());
    for (int q = 0; q < n; q++) {
      int own = classes[q];
      if (own < 0 || Arrays.stream(classes).filter(c -> c == own).count() < 2) {
        continue;
      }
      for (int row = 0; row < n; row++) {
        if (row != q) {
          kinds.get(classes[row] == own ? 0 : 1).add((double) all[q * n + row]);
        }
      }
    }
    return kinds.stream()
        .map(kind -> kind.stream().mapToDouble(x -> x).toArray())
        .toArray(double[][]::new);
  }

  // ---- names ----

  @Test
  void measuresAreFoundByNameAndUnknownOnesRefused() {
    Measures measures =
        Measures.named(List.of("mAP", "P@7", "kNN@5", "kNN-weighted@20", "FNMR@0.001", "PCF@0.9"));
    assertEquals(20, measures.nearest());
    assertEquals(Map.of("FNMR@0.001", 0.001), measures.rates());
    assertEquals(Map.of("PCF@0.9", 0.9), measures.shares());
    assertTrue(measures.metrics().stream().anyMatch(metric -> metric.name().equals("P@7")));
    assertEquals(Measures.USUAL.size() + 1, measures.metrics().size());
    assertTrue(Measures.named(List.of("AMI")).ami());
    refused("mapp", "did you mean mAP");
    refused("KNN", "kNN@K");
    refused("FNMR@2", "FNMR@Q");
    refused("PCF@0", "PCF@V");
    refused("Recall@0", "Recall@K");
  }

  private static void refused(String name, String hint) {
    UserError error = assertThrows(UserError.class, () -> Measures.named(List.of(name)));
    assertTrue(error.getMessage().contains(hint), error.getMessage());
    assertTrue(error.getMessage().contains("'" + name + "'"), error.getMessage());
  }
}
