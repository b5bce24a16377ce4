package akin.tensor.cpu;

/** Tiles by plain loops, which the compiler may vectorise by itself. */
final class ScalarTiles implements Tiles {
  private static final int COLS = 64;

  /** A row of a tile, for each thread: a new one for each tile would be much garbage. */
  private static final ThreadLocal<float[]> SUM = ThreadLocal.withInitial(() -> new float[COLS]);

  @Override
  public int cols() {
    return COLS;
  }

  @Override
  public int tallest() {
    return 4;
  }

  @Override
  public int height(int rows) {
    return rows;
  }

  @Override
  public void product(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    float[] sum = SUM.get();
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      for (int k = 0; k < kc; k++) {
        multiply(a[ao + k * h + i], b, bo + rows[k], sum);
      }
      put(sum, c, co + i * pitch, add);
    }
  }

  @Override
  public void blocked(
      int h, float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch) {
    int lanes = COLS / 2;
    float[] sum = SUM.get();
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      for (int k = 0; k < kc; k++) {
        multiply(a[ao + (k / lanes * h + i) * lanes + k % lanes], b, bo + k * COLS, sum);
      }
      put(sum, c, co + i * pitch, false);
    }
  }

  @Override
  public void cells(
      int h,
      int step,
      float[] a,
      int ao,
      int[] cells,
      int first,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch) {
    float[] sum = SUM.get();
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      for (int k = 0; k < kc; k++) {
        multiply(a[ao + cells[first + k] + i * step], b, bo + k * COLS, sum);
      }
      put(sum, c, co + i * pitch, true);
    }
  }

  @Override
  public void outer(
      int h,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      int kc,
      float[] c,
      int co,
      int pitch) {
    float[] sum = SUM.get();
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      for (int k = 0; k < kc; k++) {
        multiply(a[ao + k * aPitch + i], b, bo + k * bPitch, sum);
      }
      put(sum, c, co + i * pitch, true);
    }
  }

  @Override
  public void row(
      float[] a, int ao, float[] b, int bo, int pitch, int kc, float[] c, int co, int n) {
    java.util.Arrays.fill(c, co, co + n, 0);
    for (int k = 0; k < kc; k++) {
      addRow(a[ao + k], b, bo + k * pitch, c, co, n);
    }
  }

  /** c[j] += x·b[j] for j &lt; n. */
  static void addRow(float x, float[] b, int bo, float[] c, int co, int n) {
    for (int j = 0; j < n; j++) {
      c[co + j] = Math.fma(x, b[bo + j], c[co + j]);
    }
  }

  @Override
  public int wideCols() {
    return COLS;
  }

  @Override
  public void wide(float[] a, int ao, float[] b, int bo, int[] rows, int kc, float[] c, int co) {
    product(1, a, ao, b, bo, rows, kc, c, co, COLS, false);
  }

  @Override
  public void correlate(
      int h,
      float[] x,
      int xo,
      int[] taps,
      int t,
      float[] b,
      int bo,
      int n,
      float[] c,
      int co,
      int pitch) {
    float[] sum = SUM.get();
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      int from = xo + taps[t + i];
      for (int k = 0; k < n; k++) {
        multiply(x[from + k], b, bo + k * COLS, sum);
      }
      put(sum, c, co + i * pitch, true);
    }
  }

  @Override
  public void panel(
      int h,
      int w,
      boolean turned,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int step,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    float[] sum = new float[w];
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      for (int k = 0; k < kc; k++) {
        multiply(a[ao + (turned ? k * h + i : i * LINE + k)], b, bo + k * step, sum);
      }
      put(sum, c, co + i * pitch, add);
    }
  }

  @Override
  public void end(Ending ending, float[] c, int at, int pitch, int i, int rows, int j, int cols) {
    for (int r = 0; r < rows; r++) {
      for (int s = 0; s < cols; s++) {
        ending.one(c, at + r * pitch + s, i + r, j + s);
      }
    }
  }

  @Override
  public void squares(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    float[] sum = SUM.get();
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      for (int k = 0; k < kc; k++) {
        square(a[ao + k * h + i], b, bo + k * COLS, sum);
      }
      put(sum, c, co + i * pitch, add);
    }
  }

  @Override
  public void absolutes(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    float[] sum = SUM.get();
    for (int i = 0; i < h; i++) {
      java.util.Arrays.fill(sum, 0);
      for (int k = 0; k < kc; k++) {
        absolute(a[ao + k * h + i], b, bo + k * COLS, sum);
      }
      put(sum, c, co + i * pitch, add);
    }
  }

  private static void multiply(float x, float[] b, int bo, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] = Math.fma(x, b[bo + j], sum[j]);
    }
  }

  private static void square(float x, float[] b, int bo, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      float d = x - b[bo + j];
      sum[j] = Math.fma(d, d, sum[j]);
    }
  }

  private static void absolute(float x, float[] b, int bo, float[] sum) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += Math.abs(x - b[bo + j]);
    }
  }

  private static void put(float[] sum, float[] c, int co, boolean add) {
    for (int j = 0; j < sum.length; j++) {
      c[co + j] = add ? sum[j] + c[co + j] : sum[j];
    }
  }
}
