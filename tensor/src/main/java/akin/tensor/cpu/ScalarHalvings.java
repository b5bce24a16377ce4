package akin.tensor.cpu;

/** 2×2 maxima by plain loops. */
final class ScalarHalvings implements Halvings {
  @Override
  public void max(float[] x, int row, int pitch, float[] y, int yo, int n, int room) {
    maxima(x, row, pitch, y, yo, 0, n);
  }

  static void maxima(float[] x, int row, int pitch, float[] y, int yo, int from, int to) {
    for (int j = from; j < to; j++) {
      int a = row + 2 * j;
      int c = a + pitch;
      y[yo + j] = Math.max(Math.max(x[a], x[a + 1]), Math.max(x[c], x[c + 1]));
    }
  }

  @Override
  public void route(
      float[] x, float[] y, float[] dy, float[] dx, int row, int pitch, int yo, int n, int room) {
    routes(x, y, dy, dx, row, pitch, yo, 0, n);
  }

  static void routes(
      float[] x, float[] y, float[] dy, float[] dx, int row, int pitch, int yo, int from, int to) {
    for (int j = from; j < to; j++) {
      int a = row + 2 * j;
      int c = a + pitch;
      float best = y[yo + j];
      int first =
          holds(x[a], best) ? a : holds(x[a + 1], best) ? a + 1 : holds(x[c], best) ? c : c + 1;
      dx[a] = 0;
      dx[a + 1] = 0;
      dx[c] = 0;
      dx[c + 1] = 0;
      dx[first] = dy[yo + j];
    }
  }

  private static boolean holds(float x, float best) {
    return x == best || x != x;
  }
}
