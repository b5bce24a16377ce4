package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.RandomStream;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher.Filter;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is ruled out without being measured is no answer, on numbers that make it hard to tell. */
class BoundedScanTest {
  private static final int N = 3000;
  private static final int D = 37;
  private static final int ASKED = 19;
  private static final List<Distance> BOUNDED =
      List.of(Distance.EUCLIDEAN, Distance.SQUARED, Distance.COSINE, Distance.DOT);

  private final Workers workers = new Workers(2);
  private final Scratch scratch = new Scratch(2);

  @AfterEach
  void close() {
    workers.close();
  }

  /** Galleries by name; the first rows of each are also its queries. */
  private static Map<String, float[]> galleries() {
    Map<String, float[]> all = new LinkedHashMap<>();
    all.put("random", numbers(x -> x));
    all.put("whole numbers, with ties", numbers(Math::rint));
    all.put("far from 0", numbers(x -> 1000 + x));
    all.put("farther", numbers(x -> 1000 + 1e-3 * x));
    all.put("large", numbers(x -> 1e13 * x));
    all.put("too large", numbers(x -> 1e16 * x));
    all.put("small", numbers(x -> 1e-8 * x));
    all.put("subnormal", numbers(x -> 1e-41 * x));
    all.put("of any size", numbers(x -> x * Math.pow(10, 12 * Math.sin(1e4 * x))));
    float[] alike = numbers(x -> x);
    for (int i = D; i < alike.length; i++) {
      alike[i] = alike[i % D] * (1 + alike[i] * (i / D % 3 == 0 ? 0 : 1e-6f));
    }
    all.put("nearly alike", alike);
    float[] wild = numbers(x -> x);
    float[] spoilt = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, 0};
    for (int row = 3; row < N; row += 7) {
      float number = spoilt[row % spoilt.length];
      Arrays.fill(wild, row * D, row * D + (number == 0 ? D : 1), number);
    }
    all.put("not finite, and rows of 0", wild);
    return all;
  }

  private static float[] numbers(DoubleUnaryOperator f) {
    RandomStream stream = RandomStream.of(3, "bounded");
    float[] x = new float[N * D];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) f.applyAsDouble(stream.gaussian(i));
    }
    return x;
  }

  private static Ask ask(float[] queries, int count, int k, Filter filter) {
    return new Ask(queries, D, IntStream.range(0, count).toArray(), k, filter);
  }

  private static double[] norms(Ask ask) {
    return IntStream.range(0, ask.count()).mapToDouble(ask::norm).toArray();
  }

  private static long[][] sorted(Best[] best) {
    return Arrays.stream(best).map(Best::sorted).toArray(long[][]::new);
  }

  private long[][] measured(Vectors gallery, Distance distance, Ask ask) {
    Best[] best = ask.best();
    new DirectScan(gallery, distance).answer(ask, norms(ask), best, workers, scratch);
    return sorted(best);
  }

  private long[][] bounded(Vectors gallery, Distance distance, Outline outline, Ask ask) {
    Best[] best = ask.best();
    new BoundedScan(gallery, distance, outline, new DirectScan(gallery, distance))
        .answer(ask, norms(ask), best, workers, scratch);
    return sorted(best);
  }

  private Outline outline(Vectors gallery, Distance distance, SearchForm form) {
    return form == SearchForm.INT8
        ? Sketch.of(gallery, distance, workers)
        : PlainRows.of(gallery, distance);
  }

  /** Those of the first rows that the proof covers, as queries. */
  private static float[] queries(float[] gallery) {
    float[] queries = new float[ASKED * D];
    int found = 0;
    for (int row = 0; row < N && found < ASKED; row++) {
      if (ProductBound.covers(PairDistance.norm(gallery, row * D, D))) {
        System.arraycopy(gallery, row * D, queries, found++ * D, D);
      }
    }
    return queries;
  }

  @Test
  void answersAreThoseOfMeasuringEveryRow() {
    Filter third = (query, row) -> (row + query) % 3 == 0;
    galleries()
        .forEach(
            (name, rows) -> {
              Vectors gallery = Vectors.of(rows, N, D);
              float[] queries = queries(rows);
              for (Distance distance : BOUNDED) {
                for (SearchForm form : SearchForm.values()) {
                  Outline outline = outline(gallery, distance, form);
                  for (int count : new int[] {1, 2, 16, ASKED, 1}) {
                    for (int k : new int[] {1, 10, 187}) {
                      Ask all = ask(queries, count, k, null);
                      Ask some = ask(queries, count, k, third);
                      String what = name + ", " + distance + ", " + form + ", " + count + ", " + k;
                      assertArrayEquals(
                          measured(gallery, distance, all),
                          bounded(gallery, distance, outline, all),
                          what);
                      assertArrayEquals(
                          measured(gallery, distance, some),
                          bounded(gallery, distance, outline, some),
                          what + ", filtered");
                    }
                  }
                }
              }
            });
  }

  /**
   * Were products taken as exact, answers would be lost: the galleries are hard enough. One query
   * is asked, since the products of several are summed as distances are: DOT would be right.
   */
  @Test
  void withoutRoomForRoundingAnswersAreLost() {
    for (Distance distance : BOUNDED) {
      long lost = 0;
      for (float[] rows : galleries().values()) {
        Vectors gallery = Vectors.of(rows, N, D);
        Ask ask = ask(queries(rows), 1, 10, null);
        ProductBound credulous = new ProductBound(distance, Outline.padded(N), D, 0);
        long[][] found = bounded(gallery, distance, new PlainRows(gallery, credulous), ask);
        lost += Arrays.deepEquals(found, measured(gallery, distance, ask)) ? 0 : 1;
      }
      assertTrue(lost > 0, distance + " would answer rightly without a bound");
    }
  }

  /** Of rows among which products do not tell, few are measured one by one. */
  @Test
  void whereNothingIsRuledOutRowsAreMeasuredTogether() {
    int copies = 20;
    float[] rows = new float[copies * N * D];
    for (int i = 0; i < rows.length; i += N * D) {
      System.arraycopy(numbers(x -> 1000 + 1e-3 * x), 0, rows, i, N * D);
    }
    AtomicLong alone = new AtomicLong();
    Vectors all = Vectors.of(rows, copies * N, D);
    Vectors counted =
        new Vectors() {
          @Override
          public int count() {
            return all.count();
          }

          @Override
          public int width() {
            return D;
          }

          @Override
          public void read(int first, int n, float[] to, int at) {
            alone.addAndGet(n == 1 ? 1 : 0);
            all.read(first, n, to, at);
          }
        };
    Ask ask = ask(rows, ASKED, 10, null);
    Outline outline = PlainRows.of(counted, Distance.EUCLIDEAN);
    long[][] found = bounded(counted, Distance.EUCLIDEAN, outline, ask);
    assertArrayEquals(measured(all, Distance.EUCLIDEAN, ask), found);
    assertTrue(alone.get() < copies * N * ASKED / 8, alone + " rows were measured one by one");
  }
}
