package akin.retrieval.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.metric.Metric;
import akin.retrieval.metric.PrecisionRecall;
import akin.retrieval.metric.QueryFigures;
import akin.retrieval.metric.RankedRelevance;
import akin.retrieval.metric.Ranking;
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
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranking in parts finds what sorting every row for every query finds. */
class ExactRankingTest {
  private static final List<Metric> METRICS =
      Metric.named(List.of("P@1", "mAP", "MAP@R", "AP-mean-P", "mINP", "ARP", "nDCG@7", "mMP@5"));

  /** Queries and a gallery with duplicates, ties and, if wild, NaN and infinities. */
  private record Problem(
      float[] queries, float[] gallery, int d, int[] queryClasses, int[] classes, int[][] own) {
    static Problem of(long seed, int q, int n, int d, boolean wild) {
      RandomStream stream = RandomStream.of(seed, "problem");
      float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, -0f, 1e30f};
      float[] gallery = new float[n * d];
      float[] queries = new float[q * d];
      for (int i = 0; i < gallery.length; i++) {
        gallery[i] =
            wild && stream.below(7L * i, 50) == 0
                ? odd[stream.below(i, odd.length)]
                : stream.below(i, 3);
      }
      int[][] own = new int[q][];
      int[] classes = IntStream.range(0, n).map(i -> stream.below(1000 + i, 5) - 1).toArray();
      int[] queryClasses = new int[q];
      for (int i = 0; i < q; i++) {
        int self = stream.below(5000 + i, n + 1) - 1;
        queryClasses[i] = self < 0 ? stream.below(9000 + i, 7) - 1 : classes[self];
        for (int k = 0; k < d; k++) {
          queries[i * d + k] = self < 0 ? stream.below(i, 3) : gallery[self * d + k];
        }
        int some = i; // the query itself, and now and then rows beside
        own[i] =
            IntStream.range(0, n)
                .filter(row -> row == self || some % 4 == 0 && (row + some) % 11 == 0)
                .toArray();
      }
      return new Problem(queries, gallery, d, queryClasses, classes, own);
    }

    int q() {
      return queryClasses.length;
    }

    int n() {
      return classes.length;
    }

    /** All distances, all rows sorted. */
    List<RankedRelevance> plain(Backend backend, Distance distance, int[][] orders) {
      float[] all = new float[q() * n()];
      Vectors rows = Vectors.of(gallery, n(), d);
      try (Searcher searcher = backend.searcher(rows, distance, SearchForm.FLOAT32)) {
        searcher.distances(queries, q(), all);
      }
      List<RankedRelevance> rankings = new ArrayList<>();
      for (int i = 0; i < q(); i++) {
        int query = i;
        float[] own = Arrays.copyOfRange(all, i * n(), (i + 1) * n());
        orders[i] =
            Arrays.stream(Ranking.order(own))
                .filter(row -> Arrays.binarySearch(this.own[query], row) < 0)
                .toArray();
        boolean[] relevant = new boolean[orders[i].length];
        for (int k = 0; k < relevant.length; k++) {
          relevant[k] = queryClasses[i] >= 0 && classes[orders[i][k]] == queryClasses[i];
        }
        rankings.add(RankedRelevance.of(relevant));
      }
      return rankings;
    }

    MemoryPlan plan(int chunk, int tile, int nearest) {
      MemoryPlan.Work work = new MemoryPlan.Work(q(), n(), d, n(), nearest, 0, 0, 1);
      return new MemoryPlan(work, 0, 0, chunk, tile);
    }

    ExactRanking ranking(Distance distance, MemoryPlan plan) {
      return new ExactRanking(
          Vectors.of(queries, q(), d),
          Vectors.of(gallery, n(), d),
          distance,
          Judgement.ofClasses(queryClasses, classes, query -> own[query]),
          plan);
    }
  }

  @Property(tries = 60, seed = "1")
  void itIsWhatSortingFinds(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int q,
      @ForAll @IntRange(min = 1, max = 120) int n,
      @ForAll @IntRange(min = 1, max = 9) int d,
      @ForAll @IntRange(min = 1, max = 45) int chunk,
      @ForAll @IntRange(min = 1, max = 130) int tile,
      @ForAll Distance distance) {
    Problem problem = Problem.of(seed, q, n, d, seed % 3 == 0);
    for (String device : List.of("cpu", "reference")) {
      int threads = 1 + Math.floorMod(seed, 3);
      try (Backend backend = Backends.open(device, threads)) {
        int[][] orders = new int[q][];
        List<RankedRelevance> expected = problem.plain(backend, distance, orders);
        List<RankedRelevance> found = new ArrayList<>();
        int k = 1 + Math.floorMod(seed, 9);
        problem
            .ranking(distance, problem.plan(Math.min(chunk, q), Math.min(tile, n), k))
            .forEach(
                new Session(backend, threads, Progress.NONE),
                some -> {
                  assertEquals(found.size(), some.first(), "chunks come in order");
                  found.addAll(some.rankings());
                  for (int i = 0; i < some.rankings().size(); i++) {
                    int[] order = Arrays.copyOf(orders[some.first() + i], k);
                    int there = Math.min(k, orders[some.first() + i].length);
                    Arrays.fill(order, there, k, -1);
                    assertArrayEquals(order, some.nearest()[i]);
                    assertEquals(there < k, Float.isNaN(some.distances()[i][k - 1]) && there < k);
                  }
                });
        for (int i = 0; i < q; i++) {
          assertArrayEquals(expected.get(i).hits(), found.get(i).hits(), device);
          assertEquals(expected.get(i).listed(), found.get(i).listed());
        }
      }
    }
  }

  /** Means, curves and all, to the last bit, whatever the memory and the threads. */
  @Test
  void figuresDoNotDependOnTheMemory() {
    Problem problem = Problem.of(4, 700, 3000, 24, false);
    int[][] orders = new int[700][];
    try (Backend backend = Backends.open("cpu", 2)) {
      List<RankedRelevance> plain = problem.plain(backend, Distance.EUCLIDEAN, orders);
      QueryFigures expected = QueryFigures.of(plain, METRICS);
      PrecisionRecall.Sums sums = PrecisionRecall.Sums.of(plain);
      for (long memory : new long[] {5 << 19, 4 << 20, 9 << 20, 256 << 20}) {
        for (int threads : new int[] {1, 2}) {
          Evaluator.Outcome outcome =
              new Evaluator(METRICS, 0, memory, 0, false)
                  .measure(
                      new Evaluator.Task(
                          Vectors.of(problem.queries, 700, 24),
                          Vectors.of(problem.gallery, 3000, 24),
                          Distance.EUCLIDEAN,
                          Judgement.ofClasses(
                              problem.queryClasses, problem.classes, query -> problem.own[query])),
                      new Session(backend, threads, Progress.NONE),
                      chunk -> {});
          assertTrue(outcome.plan().bytes() <= memory, outcome.plan().toString());
          assertEquals(expected.scores(), outcome.figures().scores());
          assertEquals(expected.baseRate(), outcome.figures().baseRate());
          assertArrayEquals(sums.perRank().precision(), outcome.perRank().precision());
          assertArrayEquals(sums.perRank().recall(), outcome.perRank().recall());
          assertArrayEquals(sums.elevenPoints().precision(), outcome.elevenPoints().precision());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "50000, 50000, 64, 5000, 256",
    "1000000, 1000000, 512, 100, 2048",
    "1, 1, 1, 1, 3",
    "10, 2000000, 2048, 1900000, 128",
    "60000, 60000, 64, 6000, 16"
  })
  void aPlanFitsItsBudget(int q, int n, int d, int relevant, long mebibytes) {
    MemoryPlan.Work work = new MemoryPlan.Work(q, n, d, relevant, 8, 200, 32L * n, 2);
    MemoryPlan plan = MemoryPlan.of(work, mebibytes << 20);
    assertTrue(plan.bytes() <= plan.budget(), plan.toString());
    assertTrue(plan.chunk() >= 1 && plan.chunk() <= q && plan.tile() >= 1 && plan.tile() <= n);
  }

  @Test
  void whatDoesNotFitIsRefusedWithWhatWould() {
    MemoryPlan.Work work = new MemoryPlan.Work(100, 1000, 64, 500, 0, 200, 32_000, 1);
    UserError error = assertThrows(UserError.class, () -> MemoryPlan.of(work, 1 << 20));
    assertTrue(error.getMessage().contains("--memory 2m"), error.getMessage());
    MemoryPlan least = MemoryPlan.of(work, 2 << 20);
    assertTrue(least.bytes() <= 2 << 20, least.toString());
  }

  @Test
  void numbersThatAreNoneAreFound() {
    float[] rows = new float[30];
    rows[17] = Float.NaN;
    UserError error =
        assertThrows(
            UserError.class,
            () -> Evaluator.requireFinite(Vectors.of(rows, 10, 3), row -> "file, row " + row));
    assertTrue(error.getMessage().contains("file, row 5"), error.getMessage());
    assertTrue(error.getMessage().contains("number 3 of 3"), error.getMessage());
  }
}
