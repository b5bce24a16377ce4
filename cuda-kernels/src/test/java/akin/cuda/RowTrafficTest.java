package akin.cuda;

import static akin.cuda.CountingBench.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.cuda.sim.observe.Counters;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What kernels over rows and axes move between card and memory, counted in sectors of 32 bytes, and
 * what shared memory costs them.
 */
class RowTrafficTest {
  /** Allowed sectors for each that is needed, of what reads or writes all in order. */
  private static final double IN_ORDER = 1.1;

  /** The same of what changes the order. */
  private static final double REORDERED = 2;

  /** Rows and columns of every form, aligned as buffers of whole sectors are. */
  @ParameterizedTest
  @CsvSource({
    "512, 3, 1, 0",
    "64, 512, 1, 0",
    "3, 20000, 1, 9",
    "1, 60, 512, 0",
    "1, 1000, 64, 1024",
    "1, 1000, 10, 160",
    "1000, 5, 3, 0",
    "10, 100, 2, 320"
  })
  void aReductionReadsEachNumberOnce(int outer, int axis, int inner, int parts) {
    try (CountingBench t = new CountingBench()) {
      long n = (long) outer * axis * inner;
      long results = (long) outer * inner;
      t.backend.reduce(Reduction.SUM, t.ramp(n), t.ramp(results), outer, axis, inner);
      assertEquals(Float.BYTES * (n + parts), t.counters.loads().bytes());
      assertEquals(Float.BYTES * (results + parts), t.counters.stores().bytes());
      within(IN_ORDER, t.counters.loads());
      within(IN_ORDER, t.counters.stores());
    }
  }

  private static Counters permuted(long[] sizes, int... order) {
    try (CountingBench t = new CountingBench()) {
      long n = Arrays.stream(sizes).reduce(1, Math::multiplyExact);
      t.backend.permute(t.ramp(n), t.ramp(n), sizes, order);
      assertEquals(Float.BYTES * n, t.counters.loads().bytes());
      assertEquals(Float.BYTES * n, t.counters.stores().bytes());
      within(REORDERED, t.counters.loads());
      within(REORDERED, t.counters.stores());
      return t.counters;
    }
  }

  @Test
  void axesChangePlacesInWholeLinesWithoutBankConflicts() {
    List<Counters> plain =
        List.of(
            permuted(new long[] {128, 96}, 1, 0),
            permuted(new long[] {2, 3, 32, 40}, 0, 2, 3, 1), // colours go inside
            permuted(new long[] {2, 32, 40, 3}, 0, 3, 1, 2), // and out again
            permuted(new long[] {32, 64, 4}, 1, 0, 2),
            permuted(new long[] {8, 12, 64}, 1, 0, 2));
    for (Counters counters : plain) {
      within(IN_ORDER, counters.loads());
      within(IN_ORDER, counters.stores());
      assertEquals(0, counters.banks().replays());
    }
  }

  @Test
  void awkwardAxesChangePlacesForLessThanTwice() {
    permuted(new long[] {33, 35, 37}, 2, 1, 0);
    permuted(new long[] {257, 130}, 1, 0);
    permuted(new long[] {130, 5}, 1, 0);
    permuted(new long[] {7, 11, 13, 17}, 3, 1, 0, 2);
    permuted(new long[] {20, 30, 9}, 1, 0, 2);
    permuted(new long[] {20, 30, 21}, 1, 0, 2);
  }

  @Test
  void rowsAreGatheredAndScatteredInWholeLines() {
    int[] rows = IntStream.range(0, 200).map(i -> i * 7 % 200).toArray();
    try (CountingBench t = new CountingBench()) {
      t.backend.gatherRows(t.ramp(200 * 64), rows, t.ramp(200 * 64), 64);
      t.backend.scatterAddRows(t.ramp(200 * 64), rows, t.ramp(200 * 64), 200, 64);
      within(IN_ORDER, t.counters.loads());
      within(IN_ORDER, t.counters.stores());
    }
  }

  /** A second pass over a row would show: registers keep it. */
  @ParameterizedTest
  @CsvSource({"100, 192", "10, 2048", "300, 8"})
  void normalisedRowsAreReadOnce(int rows, int width) {
    try (CountingBench t = new CountingBench()) {
      long n = (long) rows * width;
      Buffer x = t.ramp(n);
      Buffer y = t.ramp(n);
      Buffer norm = t.ramp(rows);
      t.backend.normalize(x, y, norm, rows, width, 1, 1e-5);
      assertEquals(Float.BYTES * n, t.counters.loads().bytes());
      t.backend.layerNorm(
          x, t.ramp(width), t.ramp(width), y, norm, t.ramp(rows), rows, width, 1e-5);
      assertEquals(Float.BYTES * (2 * n + 2 * n), t.counters.loads().bytes()); // γ and β each row
      assertEquals(Float.BYTES * (n + 2 * width), t.counters.loads().uniqueBytes());
      within(IN_ORDER, t.counters.loads());
      assertEquals(0, t.counters.banks().replays());
    }
  }

  @Test
  void theBestOfARowAreFoundInOneReading() {
    try (CountingBench t = new CountingBench()) {
      t.backend.topK(t.ramp(20 * 1000), 20, 1000, 10, true, new int[200]);
      assertEquals(Float.BYTES * 20 * 1000, t.counters.loads().bytes());
      within(IN_ORDER, t.counters.loads());
    }
  }
}
