package akin.tensor.cpu;

import java.util.Arrays;

/** Loops over codes in plain Java. */
final class ScalarCodes implements Codes {
  @Override
  public void decode(byte[] codes, int from, int n, float[] to) {
    for (int i = 0; i < n; i++) {
      to[i] = codes[from + i];
    }
  }

  @Override
  public void products(float[] q, byte[] codes, int from, int d, float[] sums) {
    Arrays.fill(sums, 0, ROWS, 0);
    for (int k = 0; k < d; k++) {
      float x = q[k];
      for (int r = 0; r < ROWS; r++) {
        sums[r] += x * codes[from + k * ROWS + r];
      }
    }
  }

  @Override
  public void fours(float[] q, int at, byte[] codes, int from, int d, float[] sums) {
    Arrays.fill(sums, 0, FOUR * ROWS, 0);
    for (int k = 0; k < d; k++) {
      for (int i = 0; i < FOUR; i++) {
        float x = q[at + k * FOUR + i];
        for (int r = 0; r < ROWS; r++) {
          sums[i * ROWS + r] += x * codes[from + k * ROWS + r];
        }
      }
    }
  }

  @Override
  public int left(
      float[] sums,
      int at,
      int pitch,
      int n,
      ProductBound bound,
      int row,
      float[] level,
      float[] reach,
      int i) {
    int left = 0;
    for (int q = 0; q < n; q++) {
      long some = bound.candidates(sums, at + q * pitch, row, ROWS, level[i + q], reach[i + q]);
      left |= some == 0 ? 0 : 1 << q;
    }
    return left;
  }
}
