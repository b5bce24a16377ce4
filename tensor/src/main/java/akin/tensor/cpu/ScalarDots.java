package akin.tensor.cpu;

/** Dot products by plain loops: one row with four. */
final class ScalarDots implements Dots {
  private static final int COLS = 4;

  @Override
  public int rows() {
    return 1;
  }

  @Override
  public int cols() {
    return COLS;
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void tile(
      float[] a, int ao, int m, float[] b, int bo, int l, int pitch, int n, float[] sums, int at) {
    int b1 = bo + Math.min(1, l - 1) * pitch;
    int b2 = bo + Math.min(2, l - 1) * pitch;
    int b3 = bo + Math.min(3, l - 1) * pitch;
    float s0 = sums[at];
    float s1 = sums[at + 1];
    float s2 = sums[at + 2];
    float s3 = sums[at + 3];
    for (int k = 0; k < n; k++) {
      float v = a[ao + k];
      s0 = Math.fma(v, b[bo + k], s0);
      s1 = Math.fma(v, b[b1 + k], s1);
      s2 = Math.fma(v, b[b2 + k], s2);
      s3 = Math.fma(v, b[b3 + k], s3);
    }
    sums[at] = s0;
    sums[at + 1] = s1;
    sums[at + 2] = s2;
    sums[at + 3] = s3;
  }
}
