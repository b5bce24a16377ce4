package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import akin.tensor.backend.Activation;
import java.util.Arrays;
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
