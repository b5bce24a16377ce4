package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Blocks with the Vector API: chooses the kernel of a size. */
final class VectorBlocks implements Blocks {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  /**
   * 14 accumulators keep the multipliers busy, and rows of pictures of 224·224 and what is made of
   * them are multiples of 7, so few kernels have to be compiled; 16 registers hold 6·2.
   */
  private static final int TALLEST = L == 16 ? 7 : 6;

  /** −0 leaves every number as it is when added. */
  private static final float[] NONE = new float[L];

  static {
    Arrays.fill(NONE, -0f);
  }

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
      int blocks,
      int step,
      float[] x,
      int xo,
      int[] terms,
      float[] w,
      int wo,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int apart) {
    if (step == L && blocks == 2) {
      WideFromBlocks.cells(h, x, xo, terms, w, wo, bias, bo, y, yo, apart);
    } else if (step == L) {
      NarrowFromBlocks.cells(h, x, xo, terms, w, wo, bias, bo, y, yo, apart);
    } else if (step == 1 && blocks == 2) {
      WideFromPlanes.cells(h, x, xo, terms, w, wo, bias, bo, y, yo, apart);
    } else if (step == 1) {
      NarrowFromPlanes.cells(h, x, xo, terms, w, wo, bias, bo, y, yo, apart);
    } else if (blocks == 2) {
      WideFromOthers.cells(h, x, xo, terms, w, wo, bias, bo, y, yo, apart);
    } else {
      NarrowFromOthers.cells(h, x, xo, terms, w, wo, bias, bo, y, yo, apart);
    }
  }

  @Override
  public void activate(float[] y, int yo, int n, Activation act) {
    if (act == Activation.IDENTITY) {
      return;
    }
    float low = act.low();
    float high = act.high();
    for (int i = yo; i < yo + n; i += L) {
      FloatVector v = FloatVector.fromArray(S, y, i);
      v = v.blend(low, v.compare(VectorOperators.LE, low));
      v.blend(high, v.compare(VectorOperators.GT, high)).intoArray(y, i);
    }
  }

  @Override
  public void finish(
      float[] x,
      int xo,
      int step,
      float[] y,
      int yo,
      int n,
      float[] bias,
      int bo,
      float[] residual,
      Activation act) {
    FloatVector b = FloatVector.fromArray(S, bias == null ? NONE : bias, bias == null ? 0 : bo);
    if (residual == null) {
      for (int i = 0; i < n; i++) {
        store(FloatVector.fromArray(S, x, xo + i * step).add(b), act, y, yo + i * L);
      }
    } else {
      for (int i = 0; i < n; i++) {
        int to = yo + i * L;
        FloatVector v = FloatVector.fromArray(S, x, xo + i * step).add(b);
        store(v.add(FloatVector.fromArray(S, residual, to)), act, y, to);
      }
    }
  }

  /** NaN stays. Every way has a store of its own, lest a vector be chosen between ways. */
  private static void store(FloatVector v, Activation act, float[] y, int to) {
    if (act == Activation.IDENTITY) {
      v.intoArray(y, to);
      return;
    }
    FloatVector low = v.blend(act.low(), v.compare(VectorOperators.LE, act.low()));
    if (act == Activation.RELU) {
      low.intoArray(y, to);
    } else {
      low.blend(act.high(), low.compare(VectorOperators.GT, act.high())).intoArray(y, to);
    }
  }

  @Override
  public void neighbours(
      int stride,
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int n,
      int rows,
      Activation act) {
    if (stride == 1) {
      VectorNeighbours.by1(x, xo, pitch, w, wo, y, yo, n, rows, act.low(), act.high());
    } else {
      VectorNeighbours.by2(x, xo, pitch, w, wo, y, yo, n, rows, act.low(), act.high());
    }
  }
}
