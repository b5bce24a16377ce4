package akin.tensor.cpu;

/** Row sums by plain loops with eight running sums. */
final class ScalarSums implements Sums {
  private static final int LANES = 8;

  @Override
  public double sum(float[] x, int from, int to) {
    float[] lanes = new float[LANES];
    double total = 0;
    for (int start = from; start < to; start += BLOCK) {
      int n = Math.min(BLOCK, to - start);
      for (int i = 0; i < n; i++) {
        lanes[i % LANES] += x[start + i];
      }
      total += fold(lanes);
    }
    return total;
  }

  @Override
  public double squares(float[] x, int from, int to, float shift) {
    float[] lanes = new float[LANES];
    double total = 0;
    for (int start = from; start < to; start += BLOCK) {
      int n = Math.min(BLOCK, to - start);
      for (int i = 0; i < n; i++) {
        float d = x[start + i] - shift;
        lanes[i % LANES] = Math.fma(d, d, lanes[i % LANES]);
      }
      total += fold(lanes);
    }
    return total;
  }

  @Override
  public double products(float[] y, int yo, float[] x, int xo, int n, float shift) {
    float[] lanes = new float[LANES];
    double total = 0;
    for (int start = 0; start < n; start += BLOCK) {
      int length = Math.min(BLOCK, n - start);
      for (int i = start; i < start + length; i++) {
        lanes[i % LANES] = Math.fma(y[yo + i], x[xo + i] - shift, lanes[i % LANES]);
      }
      total += fold(lanes);
    }
    return total;
  }

  @Override
  public float extreme(boolean largest, float[] x, int from, int to) {
    float best = x[from];
    for (int i = from + 1; i < to; i++) {
      best = largest ? Math.max(best, x[i]) : Math.min(best, x[i]);
    }
    return best;
  }

  private static double fold(float[] lanes) {
    double sum =
        ((double) (lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
            + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    java.util.Arrays.fill(lanes, 0);
    return sum;
  }
}
