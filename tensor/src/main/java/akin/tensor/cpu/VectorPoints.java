package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Points with the Vector API: chooses the kernel of a size. */
final class VectorPoints implements Points {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

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
    if (vectors == 1) {
      NarrowPoints.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
    } else {
      WidePoints.rows(h, w, wo, x, xo, step, kc, bias, bo, y, yo, pitch);
    }
    if (act != Activation.IDENTITY) {
      clamp(y, yo, pitch, h, vectors * L, act.low(), act.high());
    }
  }

  /**
   * y between two bounds, if they are no NaN, of a tile that is still in the first cache. Done in
   * the tile's own ending, it would be too much for one method: the compiler then allocates sums.
   */
  private static void clamp(float[] y, int yo, int pitch, int h, int n, float least, float most) {
    FloatVector low = FloatVector.broadcast(S, least);
    FloatVector high = FloatVector.broadcast(S, most);
    for (int i = 0; i < h; i++) {
      int to = yo + i * pitch;
      for (int j = to; j < to + n; j += L) {
        FloatVector v = FloatVector.fromArray(S, y, j);
        FloatVector u = v.blend(low, v.compare(VectorOperators.LE, low));
        u.blend(high, u.compare(VectorOperators.GT, high)).intoArray(y, j);
      }
    }
  }
}
