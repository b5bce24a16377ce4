package akin.cuda.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.device.DeviceException;
import akin.cuda.sim.memory.GlobalMemory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** cuBLAS's conventions, and what it refuses. */
class PlainBlasTest {
  private final GlobalMemory memory = new GlobalMemory(1 << 20, true);
  private final PlainBlas blas = new PlainBlas(memory);

  private long put(double... numbers) {
    long address = memory.allocate(Float.BYTES * numbers.length);
    new PlainMemory(memory, "test").write("numbers", address, numbers);
    return address;
  }

  private double[] get(long address, int count) {
    return new PlainMemory(memory, "test").read("numbers", address, count);
  }

  @Test
  void multipliesColumnsWithGapsAndLeavesTheGaps() {
    double gap = 99;
    long a = put(1, 2, gap, 3, 4, gap); // [2,2], ld 3: columns (1,2), (3,4)
    long b = put(5, 6, gap, gap, 7, 8, gap, gap); // [2,2], ld 4
    long c = put(gap, gap, gap, gap, gap, gap);
    blas.gemm(false, false, 2, 2, 2, a, 3, 0, b, 4, 0, c, 3, 0, 1);
    assertArrayEquals(new double[] {23, 34, gap, 31, 46, gap}, get(c, 6));
  }

  @Test
  void transposesEitherOperand() {
    long a = put(1, 2, 3, 4, 5, 6);
    long b = put(7, 8, 9);
    long c = put(0, 0);
    blas.gemm(true, false, 2, 1, 3, a, 3, 0, b, 3, 0, c, 2, 0, 1);
    assertArrayEquals(new double[] {50, 122}, get(c, 2));
    blas.gemm(false, true, 2, 1, 3, a, 2, 0, b, 1, 0, c, 2, 0, 1);
    assertArrayEquals(new double[] {1 * 7 + 3 * 8 + 5 * 9, 2 * 7 + 4 * 8 + 6 * 9}, get(c, 2));
  }

  @Test
  void repeatsOneOperandOverABatchByAStrideOfZero() {
    long a = put(2);
    long b = put(3, 4, 5);
    long c = put(0, 0, 0);
    blas.gemm(false, false, 1, 1, 1, a, 1, 0, b, 1, 1, c, 1, 1, 3);
    assertArrayEquals(new double[] {6, 8, 10}, get(c, 3));
  }

  /** Sizes, leading dimensions and batches of a call, and what is said of it. */
  private record Call(int m, int n, int k, int lda, int ldb, int ldc, int batch, String refusal) {}

  private static Stream<Call> refused() {
    return Stream.of(
        new Call(0, 2, 2, 2, 2, 2, 1, "m, n, k, batch ≥ 1"),
        new Call(2, 2, 0, 2, 2, 2, 1, "m, n, k, batch ≥ 1"),
        new Call(2, 2, 2, 2, 2, 2, 0, "m, n, k, batch ≥ 1"),
        new Call(2, 2, 2, 1, 2, 2, 1, "lda ≥ m"),
        new Call(2, 2, 2, 2, 1, 2, 1, "ldb ≥ k"),
        new Call(2, 2, 2, 2, 2, 1, 1, "ldc ≥ m"),
        new Call(2, 2, 2, 2, 2, 2, 2, "matrices C apart"),
        new Call(2, 2, 3, 2, 3, 2, 1, "A: 24 bytes"),
        new Call(2, 2, 2, 2, 2, 4, 1, "C: "));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(Call s) {
    long a = put(1, 2, 3, 4);
    long b = put(1, 2, 3, 4, 5, 6);
    long c = put(0, 0, 0, 0);
    DeviceException e =
        assertThrows(
            DeviceException.class,
            () ->
                blas.gemm(
                    false, false, s.m, s.n, s.k, a, s.lda, 0, b, s.ldb, 0, c, s.ldc, 0, s.batch));
    assertEquals(DeviceException.Kind.REFUSED, e.kind());
    assertTrue(e.getMessage().contains(s.refusal), e.getMessage());
  }

  @Test
  void refusesAddressesThatHoldNoNumbers() {
    long x = put(1);
    long unwritten = memory.allocate(4);
    for (String[] wrong :
        new String[][] {
          {"0", "A is a null pointer"},
          {Long.toString(x + 2), "A is not aligned"},
          {Long.toString(unwritten), "A is read at element 0, which nothing wrote"}
        }) {
      long a = Long.parseLong(wrong[0]);
      DeviceException e =
          assertThrows(
              DeviceException.class,
              () -> blas.gemm(false, false, 1, 1, 1, a, 1, 0, x, 1, 0, x, 1, 0, 1));
      assertTrue(e.getMessage().contains(wrong[1]), e.getMessage());
    }
  }
}
