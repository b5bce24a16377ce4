package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/** Points with the Vector API: chooses the kernel of a size and an activation. */
final class VectorPoints implements Points {
  private static final int L = VectorWidth.species().length();

  /** 32 registers hold 12·2 accumulators; 16 registers 6·2. */
  private static final int TALLEST = L == 16 ? 12 : 6;

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public int tallest() {
    return TALLEST;
  }

  @Override
  public void tile(
      int h,
      int vectors,
      float[] w,
      int wo,
      float[] x,
      int xo,
      int step,
      int kc,
      float[] bias,
      int bo,
      Activation act,
      float[] y,
      int yo,
      int pitch) {
    switch (act) {
      case RELU:
        if (vectors == 1) {
          NarrowPointsRelu.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
        } else {
          WidePointsRelu.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
        }
        break;
      case RELU6:
        if (vectors == 1) {
          NarrowPointsRelu6.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
        } else {
          WidePointsRelu6.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
        }
        break;
      default:
        if (vectors == 1) {
          NarrowPoints.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
        } else {
          WidePoints.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
        }
    }
  }
}
