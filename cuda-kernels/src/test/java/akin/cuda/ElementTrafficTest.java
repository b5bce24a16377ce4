package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.sim.observe.Counters;
import akin.cuda.sim.observe.Traffic;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Noise;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Update;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What elementwise kernels move between card and memory, counted in sectors of 32 bytes: hardly
 * more than the bytes that the formula needs.
 */
class ElementTrafficTest {
  /** Not a multiple of anything. */
  private static final int N = 5003;

  private static final double ALLOWED = 1.1;

  /** Runs some work with buffers of {@link #N} numbers, and counts. */
  private static Counters count(Consumer<CountingBench> work) {
    try (CountingBench bench = new CountingBench()) {
      work.accept(bench);
      return bench.counters;
    }
  }

  /** So many numbers are read, and so many written, each once. */
  private static void moves(long read, long written, Counters counters) {
    moves(read, counters.loads());
    moves(written, counters.stores());
  }

  private static void moves(long numbers, Traffic traffic) {
    assertEquals(Float.BYTES * numbers, traffic.bytes());
    assertEquals(Float.BYTES * numbers, traffic.uniqueBytes());
    assertTrue(traffic.ratio() <= ALLOWED, () -> "sectors: " + traffic.ratio());
  }

  @ParameterizedTest
  @EnumSource
  void aFunctionReadsItsArgumentOnce(Unary f) {
    moves(N, N, count(t -> t.backend.unary(f, 1, 2, t.ones(N), t.ones(N))));
  }

  @ParameterizedTest
  @EnumSource
  void aSlopeReadsNoMoreThanItNames(Unary f) {
    int operands =
        switch (f) {
          case NEG -> 1;
          case RSQRT -> 3;
          default -> 2;
        };
    Counters counters =
        count(t -> t.backend.unaryGrad(f, 2, 2, t.ones(N), t.ones(N), t.ones(N), t.ones(N)));
    moves((long) operands * N, N, counters);
  }

  @ParameterizedTest
  @EnumSource
  void aFunctionOfTwoReadsBothOnce(Binary f) {
    Broadcast plain = Broadcast.of(Shape.of(N), Shape.of(N));
    moves(2 * N, N, count(t -> t.backend.binary(f, t.ones(N), t.ones(N), t.ones(N), plain)));
  }

  /** Rows of whole sectors; a request into the middle of others touches one more. */
  @Test
  void stretchedOperandsAreReadInWholeLines() {
    long[][][] shapes = {
      {{64, 512}, {512}}, {{64, 512}, {64, 1}}, {{64, 512}, {}}, {{4, 32, 256}, {32, 1}}
    };
    for (long[][] s : shapes) {
      Shape a = Shape.of(s[0]);
      Shape b = Shape.of(s[1]);
      Counters counters =
          count(
              t ->
                  t.backend.binary(
                      Binary.MUL,
                      t.ones(a.count()),
                      t.ones(b.count()),
                      t.ones(a.count()),
                      Broadcast.of(a, b)));
      moves(a.count(), counters.stores());
      assertEquals(4 * (a.count() + b.count()), counters.loads().uniqueBytes());
      double ratio = counters.loads().ratio();
      assertTrue(ratio <= ALLOWED, () -> a + ", " + b + ": " + ratio);
    }
  }

  @Test
  void anOptimiserMovesEachNumberOnceBesideItsTable() {
    Update adam = Update.adam(Update.Rule.ADAMW, 0.1, 0.9, 0.999, 1e-8, 0.01, 2);
    int[] sizes = {N, 64, 2048, 7, 4097};
    long all = Arrays.stream(sizes).sum();
    Counters counters =
        count(
            t -> {
              List<Backend.Step> steps =
                  Arrays.stream(sizes)
                      .mapToObj(
                          n -> new Backend.Step(adam, t.ones(n), t.ones(n), t.ones(n), t.ones(n)))
                      .toList();
              t.backend.updateAll(steps);
            });
    moves(3 * all, counters.stores());
    assertEquals(4 * 4 * all + 48 * sizes.length, counters.loads().uniqueBytes());
    assertTrue(counters.loads().ratio() <= ALLOWED, () -> "sectors: " + counters.loads().ratio());
  }

  @ParameterizedTest
  @EnumSource
  void randomNumbersAreWrittenOnce(Noise noise) {
    RandomStream stream = RandomStream.of(1, "traffic");
    Counters counters = count(t -> t.backend.random(noise, stream, 0.5, 2, t.ones(N)));
    moves(N, counters.stores());
    long tables = counters.loads().uniqueBytes(); // coefficients of the cosine
    assertTrue(tables <= (noise == Noise.NORMAL ? 128 : 0), () -> tables + " bytes are read");
  }
}
