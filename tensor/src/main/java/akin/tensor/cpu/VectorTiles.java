package akin.tensor.cpu;

/** Tiles with the Vector API: chooses the kernel of each height. */
final class VectorTiles implements Tiles {
  private static final int L = VectorWidth.species().length();

  /** 32 registers hold 12·2 accumulators; 16 registers 6·2. */
  private static final int TALLEST = L == 16 ? 12 : 6;

  @Override
  public int cols() {
    return 2 * L;
  }

  @Override
  public int wideCols() {
    return 8 * L;
  }

  @Override
  public int tallest() {
    return TALLEST;
  }

  @Override
  public int height(int rows) {
    return rows <= 2 ? rows : rows <= 4 ? 4 : rows <= 6 ? 6 : rows <= 8 ? 8 : 12;
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
    switch (h) {
      case 1:
        VectorProducts.rows1(a, ao, b, bo, rows, kc, c, co, pitch, add);
        break;
      case 2:
        VectorProducts.rows2(a, ao, b, bo, rows, kc, c, co, pitch, add);
        break;
      case 4:
        VectorProducts.rows4(a, ao, b, bo, rows, kc, c, co, pitch, add);
        break;
      case 6:
        VectorProducts.rows6(a, ao, b, bo, rows, kc, c, co, pitch, add);
        break;
      case 8:
        VectorProducts.rows8(a, ao, b, bo, rows, kc, c, co, pitch, add);
        break;
      default:
        VectorProducts.rows12(a, ao, b, bo, rows, kc, c, co, pitch, add);
    }
  }

  @Override
  public void wide(float[] a, int ao, float[] b, int bo, int[] rows, int kc, float[] c, int co) {
    VectorCorrelations.wide(a, ao, b, bo, rows, kc, c, co);
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
    switch (h) {
      case 1:
        VectorCorrelations.taps1(x, xo, taps, t, b, bo, n, c, co, pitch);
        break;
      case 2:
        VectorCorrelations.taps2(x, xo, taps, t, b, bo, n, c, co, pitch);
        break;
      case 4:
        VectorCorrelations.taps4(x, xo, taps, t, b, bo, n, c, co, pitch);
        break;
      default:
        VectorCorrelations.taps8(x, xo, taps, t, b, bo, n, c, co, pitch);
    }
  }

  @Override
  public void squares(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    VectorDifferences.squares(a, ao, b, bo, kc, c, co, pitch, add);
  }

  @Override
  public void absolutes(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    VectorDifferences.absolutes(a, ao, b, bo, kc, c, co, pitch, add);
  }
}
