package akin.tensor.cpu;

import akin.tensor.RandomStream;
import akin.tensor.backend.Distance;
import akin.tensor.backend.SearchForm;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Times exact search: the ten nearest of {@code rows} vectors of 300 numbers of length 1, in random
 * directions or, as {@code clustered}, around a thousand of them. Tells how many rows are left to
 * be measured one by one, and how many of the answers of measuring all rows are found. A program,
 * no test.
 *
 * <p>Arguments: rows, threads, the form of the index, the distance, {@code random} or {@code
 * clustered}, and sizes of batches. After {@code mvn test-compile}:
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -XX:PerMethodTrapLimit=100000 -XX:+UseParallelGC -Xmx4g
 *   -cp tensor/target/classes:tensor/target/test-classes
 *   akin.tensor.cpu.SearchBench 1000000 1 INT8 EUCLIDEAN random 1 16 256</pre>
 */
final class SearchBench {
  private static final int D = 300;
  private static final int K = 10;
  private static final int NOISE = 9_999_991; // no multiple of D, so no two rows are alike
  private static final int CENTRES = 1000;
  private static final double SPREAD = 0.5; // of a row around its centre, which has length 1
  private static final int RECALLED = 256;
  private static final int MEASURED = 16; // queries at once
  private static final long MEASURE = 3_000_000_000L;

  private SearchBench() {}

  /**
   * Prints a line for each size of a batch.
   *
   * @param args see the class
   */
  public static void main(String[] args) {
    int n = Integer.parseInt(args[0]);
    SearchForm form = SearchForm.valueOf(args[2]);
    Distance distance = Distance.valueOf(args[3]);
    boolean clustered = args[4].equals("clustered");
    float[] all = unit(n + RECALLED, clustered);
    float[] queries = Arrays.copyOfRange(all, n * D, (n + RECALLED) * D);
    Counted gallery = new Counted(Vectors.of(all, n, D), new AtomicLong());
    try (CpuBackend cpu = new CpuBackend(Integer.parseInt(args[1]));
        Searcher searcher = cpu.searcher(gallery, distance, form)) {
      System.out.println(
          cpu.name() + ", " + n + " × " + D + ", " + form + ", " + distance + ", " + args[4]);
      time("first query", searcher, queries, 1, 1);
      time("prepared", searcher, queries, 2, 1);
      for (int i = 5; i < args.length; i++) {
        int batch = Integer.parseInt(args[i]);
        time("warm-up", searcher, queries, batch, 3);
        time("batch", searcher, queries, batch, 0);
      }
      report(searcher, queries, gallery);
    }
  }

  /** Counts the rows that are read one by one. */
  private record Counted(Vectors of, AtomicLong rows) implements Vectors {
    @Override
    public int count() {
      return of.count();
    }

    @Override
    public int width() {
      return of.width();
    }

    @Override
    public void read(int first, int n, float[] to, int at) {
      rows.addAndGet(n == 1 ? 1 : 0);
      of.read(first, n, to, at);
    }
  }

  private static void report(Searcher searcher, float[] queries, Counted gallery) {
    int[] found = new int[RECALLED * K];
    gallery.rows.set(0);
    searcher.topK(queries, RECALLED, K, null, found, new float[RECALLED * K]);
    double measured = (double) gallery.rows.get() / RECALLED;
    System.out.printf(
        Locale.ROOT,
        "measured: %.1f rows of a query, 1 of %.0f; recall %.4f%n",
        measured,
        gallery.count() / measured,
        (double) right(searcher, queries, found, gallery.count()) / found.length);
  }

  /** How many of the rows found are those of measuring all. */
  private static long right(Searcher searcher, float[] queries, int[] found, int n) {
    long right = 0;
    float[] far = new float[MEASURED * n];
    for (int first = 0; first < RECALLED; first += MEASURED) {
      float[] some = Arrays.copyOfRange(queries, first * D, (first + MEASURED) * D);
      searcher.distances(some, MEASURED, far);
      for (int q = 0; q < MEASURED; q++) {
        Best best = new Best(K);
        for (int row = 0; row < n; row++) {
          best.offer(Best.key(far[q * n + row], row));
        }
        long[] nearest = best.sorted();
        for (int place = 0; place < K; place++) {
          right += found[(first + q) * K + place] == Best.number(nearest[place]) ? 1 : 0;
        }
      }
    }
    return right;
  }

  private static void time(String name, Searcher searcher, float[] queries, int batch, int times) {
    int[] rows = new int[batch * K];
    float[] distances = new float[batch * K];
    double[] seconds = new double[times == 0 ? 1000 : times];
    int done = 0;
    for (long begin = System.nanoTime(); done < seconds.length; done++) {
      long start = System.nanoTime();
      if (times == 0 && done >= 3 && start - begin > MEASURE) {
        break;
      }
      float[] asked = Arrays.copyOf(queries, batch * D);
      searcher.topK(asked, batch, K, null, rows, distances);
      seconds[done] = (System.nanoTime() - start) * 1e-9;
    }
    double median = Arrays.stream(seconds, 0, done).sorted().toArray()[done / 2];
    System.out.printf(
        Locale.ROOT,
        "%-12s %4d: %8.2f ms, %7.1f queries/s, nearest %d at %.4f%n",
        name,
        batch,
        1e3 * median,
        batch / median,
        rows[0],
        distances[0]);
  }

  /** Vectors of length 1. */
  private static float[] unit(int n, boolean clustered) {
    float[] noise = new float[NOISE];
    RandomStream stream = RandomStream.of(1, "search");
    for (int i = 0; i < NOISE; i++) {
      noise[i] = (float) (stream.gaussian(i) / Math.sqrt(D));
    }
    float[] x = new float[n * D];
    for (int i = 0; i < x.length; i++) {
      int centre = i / D % CENTRES * D + i % D;
      x[i] = clustered ? noise[centre] + (float) SPREAD * noise[i % NOISE] : noise[i % NOISE];
    }
    for (int row = 0; row < n; row++) {
      float scale = (float) (1 / PairDistance.norm(x, row * D, D));
      for (int i = row * D; i < row * D + D; i++) {
        x[i] *= scale;
      }
    }
    return x;
  }
}
