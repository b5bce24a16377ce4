package akin.tensor.cpu;

/** Dot products with the Vector API. The last vector of a row overlaps the one before. */
final class VectorDots implements Dots {
  private static final int L = VectorWidth.species().length();

  /** 32 registers would hold 6·4 sums, but the compiler allocates some of so many; 16 hold 3·4. */
  private static final int ROWS = L == 16 ? 4 : 3;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int cols() {
    return 4;
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void tile(
      float[] a, int ao, int m, float[] b, int bo, int l, int pitch, int n, float[] sums, int at) {
    if (ROWS == 4) {
      VectorDotTiles.rows4(a, ao, m, b, bo, l, pitch, n, sums, at);
    } else {
      VectorDotTiles.rows3(a, ao, m, b, bo, l, pitch, n, sums, at);
    }
  }
}
