package akin.tensor.cpu;

/** Squares turned over by plain loops. */
final class ScalarTransposes implements Transposes {
  private static final int SIDE = 8;

  @Override
  public int side() {
    return SIDE;
  }

  @Override
  public void square(float[] x, int xo, int xPitch, int rows, float[] y, int yo, int yPitch) {
    for (int j = 0; j < SIDE; j++) {
      for (int i = 0; i < rows; i++) {
        y[yo + j * yPitch + i] = x[xo + i * xPitch + j];
      }
    }
  }
}
