package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.tensor.backend.Activation;
import java.util.Arrays;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the contract of a backend does not see: operands packed ahead, endings, single elements. */
class GemmTest {
  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 300, 64}, {2, 3, 7}, {7, 8, 13}, {8, 13, 1}, {13, 1, 16}, {13, 64, 17},
    {25, 385, 33}, {64, 207, 48}, {61, 702, 47}, {300, 13, 10}, {5, 1025, 207}, {3, 0, 5}, {0, 3, 5}
  };

  private final Workers workers = new Workers(2);
  private final Gemm gemm = new Gemm(workers, new Scratch(2));

  @AfterEach
  void close() {
    workers.close();
  }

  @Test
  void packedOperandsGiveTheSameBits() {
    for (int[] s : SIZES) {
      for (Gemm.Kind kind : Gemm.Kind.values()) {
        Operand a = left(s);
        Operand b = right(s);
        float[] plain = product(kind, a, b, s, Ending.NONE);
        float[] left = new float[(int) Gemm.packedRows(kind, s[0], s[1])];
        float[] right = new float[(int) Gemm.packedCols(kind, s[1], s[2])];
        Packed rows = gemm.packRows(kind, a, s[0], s[1], left);
        Packed cols = gemm.packCols(kind, b, s[1], s[2], right);
        String name = kind + " " + Arrays.toString(s);
        assertArrayEquals(plain, product(kind, rows, b, s, Ending.NONE), name + " rows");
        assertArrayEquals(plain, product(kind, a, cols, s, Ending.NONE), name + " columns");
        assertArrayEquals(plain, product(kind, rows, cols, s, Ending.NONE), name + " both");
      }
    }
  }

  @Test
  void anEndingIsWhatWouldBeDoneAfterwards() {
    for (int[] s : SIZES) {
      float[] residual = Case.normal("residual", s[0] * s[2]);
      for (Activation act : Activation.values()) {
        for (boolean perColumn : new boolean[] {false, true}) {
          float[] bias = Case.normal("bias", 3 + Math.max(s[0], s[2]));
          Ending ending = new Ending(bias, 3, perColumn, residual, act);
          float[] expected = product(Gemm.Kind.PRODUCT, left(s), right(s), s, Ending.NONE);
          for (int i = 0; i < s[0]; i++) {
            for (int j = 0; j < s[2]; j++) {
              int at = i * s[2] + j;
              float v = expected[at] + bias[3 + (perColumn ? j : i)] + residual[at];
              float positive = act == Activation.IDENTITY ? v : Math.max(v, 0);
              expected[at] = act == Activation.RELU6 ? Math.min(positive, 6) : positive;
            }
          }
          float[] actual = product(Gemm.Kind.PRODUCT, left(s), right(s), s, ending);
          assertArrayEquals(expected, actual, Arrays.toString(s) + " " + ending.act());
        }
      }
    }
  }

  /** A row of A and a column of B alone give the bits that they give among others. */
  @Test
  void anElementDependsOnItsRowAndItsColumnOnly() {
    for (int[] s : SIZES) {
      float[] all = product(Gemm.Kind.PRODUCT, left(s), right(s), s, Ending.NONE);
      for (int i = 0; i < s[0]; i++) {
        int[] row = {1, s[1], s[2]};
        Matrix a = new Matrix(left(s).data(), i * s[1], s[1], false);
        float[] own = product(Gemm.Kind.PRODUCT, a, right(s), row, Ending.NONE);
        float[] expected = Arrays.copyOfRange(all, i * s[2], (i + 1) * s[2]);
        assertArrayEquals(expected, own, "row " + i + " of " + Arrays.toString(s));
      }
      for (int j = 0; j < s[2]; j += 5) {
        int[] column = {s[0], s[1], 1};
        Matrix b = new Matrix(right(s).data(), j * s[1], s[1], true);
        float[] own = product(Gemm.Kind.PRODUCT, left(s), b, column, Ending.NONE);
        for (int i = 0; i < s[0]; i++) {
          float[] expected = {all[i * s[2] + j]};
          float[] actual = {own[i]};
          assertArrayEquals(expected, actual, i + ", " + j + " of " + Arrays.toString(s));
        }
      }
    }
  }

  /** Long and thin, short and wide, one row, one column, one number. */
  private static final int[][] SKINNY = {
    {1, 1, 300}, {1, 702, 1031}, {702, 13, 1}, {1031, 702, 1}, {1, 4099, 1}, {2053, 3, 5},
    {5, 3, 2053}, {3, 2053, 5}, {2, 64, 512}, {512, 64, 2}, {11, 1, 13}, {127, 127, 127}
  };

  /**
   * However operands lie, an element is within γ of the true sum, where γ_n = n·u/(1 − n·u), u =
   * 2⁻²⁴, times the sum of absolute terms (Higham, "Accuracy and Stability of Numerical
   * Algorithms", 3.1). A product's sum of k terms has k roundings in whatever order, as
   * multiply-adds round once; a term that is a difference brings one more, and two where it is
   * squared; bias and residual bring one each.
   */
  @Test
  void errorsStayWithinGamma() {
    for (int[][] sizes : new int[][][] {SIZES, SKINNY}) {
      for (int[] s : sizes) {
        for (Gemm.Kind kind : Gemm.Kind.values()) {
          boolean product = kind == Gemm.Kind.PRODUCT;
          for (int turned = 0; turned < (product ? 4 : 1); turned++) {
            checkErrors(kind, s, turned % 2 == 1, product ? turned >= 2 : true);
          }
        }
      }
    }
  }

  private void checkErrors(Gemm.Kind kind, int[] s, boolean turnA, boolean turnB) {
    int m = s[0];
    int k = s[1];
    int n = s[2];
    float[] a = Case.normal("a", m * k);
    float[] b = Case.normal("b", k * n);
    float[] bias = Case.normal("bias", n);
    float[] residual = Case.normal("residual", m * n);
    Matrix left = new Matrix(a, 0, turnA ? m : k, turnA);
    Matrix right = new Matrix(b, 0, turnB ? k : n, turnB);
    Ending ending = new Ending(bias, 0, true, residual, Activation.IDENTITY);
    float[] plain = product(kind, left, right, s, Ending.NONE);
    float[] ended = kind == Gemm.Kind.PRODUCT ? product(kind, left, right, s, ending) : null;
    int more = kind == Gemm.Kind.PRODUCT ? 0 : kind == Gemm.Kind.SQUARES ? 2 : 1;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        double absolute = 0;
        for (int t = 0; t < k; t++) {
          double x = a[turnA ? t * m + i : i * k + t];
          double y = b[turnB ? j * k + t : t * n + j];
          double term =
              switch (kind) {
                case PRODUCT -> x * y;
                case SQUARES -> (x - y) * (x - y);
                default -> Math.abs(x - y);
              };
          sum += term;
          absolute += Math.abs(term);
        }
        int at = i * n + j;
        int row = i;
        int column = j;
        Supplier<String> name =
            () -> kind + Arrays.toString(s) + turnA + turnB + " at " + row + ", " + column;
        assertEquals(sum, plain[at], gamma(k + more) * absolute, name);
        if (ended != null) {
          double magnitude = absolute + Math.abs(bias[j]) + Math.abs(residual[at]);
          double expected = sum + bias[j] + residual[at];
          assertEquals(expected, ended[at], gamma(k + 2) * magnitude, name);
        }
      }
    }
  }

  /** γ_n, and what float64 rounds itself. */
  private static double gamma(int n) {
    double u = 0x1p-24;
    return n * u / (1 - n * u) + n * 0x1p-52;
  }

  /** Does all tests at the width that this virtual machine was told; one that fails ends it. */
  public static void main(String[] args) {
    GemmTest test = new GemmTest();
    test.packedOperandsGiveTheSameBits();
    test.anEndingIsWhatWouldBeDoneAfterwards();
    test.anElementDependsOnItsRowAndItsColumnOnly();
    test.errorsStayWithinGamma();
    test.aProductWithATransposedMatrixIsTheSameTurnedOver();
    test.close();
    System.out.println(Simd.BITS + " bits");
  }

  /** However it is computed: (B·Aᵀ)ᵀ has the bits of A·Bᵀ. */
  @Test
  void aProductWithATransposedMatrixIsTheSameTurnedOver() {
    for (int[] s : SIZES) {
      for (boolean transA : new boolean[] {false, true}) {
        Matrix a = new Matrix(left(s).data(), 0, transA ? s[0] : s[1], transA);
        float[] expected = product(Gemm.Kind.PRODUCT, a, right(s), s, Ending.NONE);
        float[] actual = new float[s[0] * s[2]];
        Gemm.Sizes sizes = new Gemm.Sizes(s[0], s[1], s[2]);
        gemm.matmul(a.data(), transA, right(s).data(), true, actual, 1, sizes);
        assertArrayEquals(expected, actual, Arrays.toString(s) + (transA ? ", A transposed" : ""));
      }
    }
  }

  private static Matrix left(int[] s) {
    return new Matrix(Case.normal("a", s[0] * s[1]), 0, s[1], false);
  }

  /** Stored transposed. */
  private static Matrix right(int[] s) {
    return new Matrix(Case.normal("b", s[1] * s[2]), 0, s[1], true);
  }

  private float[] product(Gemm.Kind kind, Operand a, Operand b, int[] s, Ending ending) {
    float[] y = new float[s[0] * s[2]];
    Arrays.fill(y, Float.NaN);
    gemm.run(new Gemm.Call(kind, a, b, y, 0, s[0], s[1], s[2], ending));
    return y;
  }
}
