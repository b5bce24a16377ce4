package akin.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntToDoubleFunction;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What the machine can do at most, in Java: the two sides of the roofline. */
final class Limits {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12; // enough to hide an operation's latency
  private static final int FLOATS = 300_000_000; // 1.2 GB, beyond any cache

  /** Operations of a call. */
  static final double FLOPS = 8e9;

  /** Bytes read by a call. */
  static final double BYTES = 4.0 * FLOATS;

  private static volatile double sink;

  private Limits() {}

  /** Multiply-adds of registers; {@link #FLOPS} in all. */
  static Task multiplyAdds(int threads) {
    int rounds = (int) (FLOPS / (2.0 * CHAINS * SPECIES.length() * threads));
    return together(threads, thread -> chains(rounds, 1 + thread));
  }

  /** Reads memory; {@link #BYTES} in all. */
  static Task reads(int threads) {
    float[] x = new float[FLOATS];
    Arrays.fill(x, 1);
    int part = FLOATS / threads;
    return together(threads, thread -> sum(x, thread * part, (thread + 1) * part));
  }

  private static Task together(int threads, IntToDoubleFunction part) {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    return new Task() {
      @Override
      public void run() throws Exception {
        List<Future<Double>> parts = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          int thread = i;
          parts.add(workers.submit(() -> part.applyAsDouble(thread)));
        }
        for (Future<Double> done : parts) {
          sink += done.get();
        }
      }

      @Override
      public void close() {
        workers.shutdown();
      }
    };
  }

  private static double chains(int rounds, float start) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, start);
    FloatVector a = y;
    FloatVector b = y;
    FloatVector c = y;
    FloatVector d = y;
    FloatVector e = y;
    FloatVector f = y;
    FloatVector g = y;
    FloatVector h = y;
    FloatVector i = y;
    FloatVector j = y;
    FloatVector k = y;
    FloatVector l = y;
    for (int round = 0; round < rounds; round++) {
      a = x.fma(y, a);
      b = x.fma(y, b);
      c = x.fma(y, c);
      d = x.fma(y, d);
      e = x.fma(y, e);
      f = x.fma(y, f);
      g = x.fma(y, g);
      h = x.fma(y, h);
      i = x.fma(y, i);
      j = x.fma(y, j);
      k = x.fma(y, k);
      l = x.fma(y, l);
    }
    FloatVector sum = y.add(a).add(b).add(c).add(d).add(e).add(f);
    return sum.add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }

  private static double sum(float[] x, int from, int to) {
    int lanes = SPECIES.length();
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector a = zero;
    FloatVector b = zero;
    FloatVector c = zero;
    FloatVector d = zero;
    FloatVector e = zero;
    FloatVector f = zero;
    FloatVector g = zero;
    FloatVector h = zero;
    for (int i = from; i <= to - 8 * lanes; i += 8 * lanes) {
      a = FloatVector.fromArray(SPECIES, x, i).add(a);
      b = FloatVector.fromArray(SPECIES, x, i + lanes).add(b);
      c = FloatVector.fromArray(SPECIES, x, i + 2 * lanes).add(c);
      d = FloatVector.fromArray(SPECIES, x, i + 3 * lanes).add(d);
      e = FloatVector.fromArray(SPECIES, x, i + 4 * lanes).add(e);
      f = FloatVector.fromArray(SPECIES, x, i + 5 * lanes).add(f);
      g = FloatVector.fromArray(SPECIES, x, i + 6 * lanes).add(g);
      h = FloatVector.fromArray(SPECIES, x, i + 7 * lanes).add(h);
    }
    return zero.add(a).add(b).add(c).add(d).add(e).add(f).add(g).add(h).lane(0);
  }
}
