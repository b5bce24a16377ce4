package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows moved in whole vectors. The last vector of a row longer than a vector overlaps the one
 * before; of a shorter row it runs into the next, which is written later.
 */
final class VectorStrips implements Strips {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  /**
   * Elements 0, 2, 4 … of two vectors: the lower half from the first, the upper from the second.
   */
  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);

  private static final VectorMask<Float> UPPER = VectorMask.fromLong(S, -1L << L / 2);

  @Override
  public void skip(float[] x, int xo, int step, float[] y, int yo, int n) {
    int i = 0;
    if (step == 2) {
      for (; i < n && xo + 2 * (i + L) <= x.length; i += L) {
        FloatVector p = FloatVector.fromArray(S, x, xo + 2 * i).rearrange(EVEN);
        FloatVector q = FloatVector.fromArray(S, x, xo + 2 * i + L).rearrange(EVEN);
        p.blend(q, UPPER).intoArray(y, yo + i);
      }
    }
    ScalarStrips.pick(x, xo, step, y, yo, i, n);
  }

  @Override
  public int slack() {
    return L;
  }

  @Override
  public void copy(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      FloatVector.fromArray(S, x, xo + i).intoArray(y, yo + i);
    }
    if (i == n) {
      return;
    }
    if (n > L) {
      FloatVector.fromArray(S, x, xo + n - L).intoArray(y, yo + n - L);
    } else if (xo + L <= x.length) {
      FloatVector.fromArray(S, x, xo).intoArray(y, yo);
    } else {
      for (i = 0; i < n; i++) {
        y[yo + i] = x[xo + i];
      }
    }
  }

  @Override
  public void finish(
      float[] x,
      int xo,
      int pitch,
      float[] y,
      int yo,
      int rows,
      int n,
      float bias,
      float[] residual,
      Activation act) {
    int whole = n >= L ? rows : Math.max(0, rows - (L + n - 1) / n);
    for (int r = 0; r < whole; r++) {
      int from = xo + r * pitch;
      int to = yo + r * n;
      int i = 0;
      for (; i <= n - L; i += L) {
        vector(x, from + i, y, to + i, bias, residual, act);
      }
      if (i < n) {
        int last = Math.max(0, n - L);
        vector(x, from + last, y, to + last, bias, residual, act);
      }
    }
    for (int r = whole; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        int to = yo + r * n + i;
        float v = x[xo + r * pitch + i] + bias;
        y[to] = Strips.activate(residual == null ? v : v + residual[to], act);
      }
    }
  }

  /** Every way has a store of its own: a vector that is chosen between ways may be boxed by C2. */
  private static void vector(
      float[] x, int from, float[] y, int to, float bias, float[] residual, Activation act) {
    FloatVector v = FloatVector.fromArray(S, x, from).add(bias);
    if (residual == null) {
      switch (act) {
        case RELU -> v.max(0).intoArray(y, to);
        case RELU6 -> v.max(0).min(6).intoArray(y, to);
        default -> v.intoArray(y, to);
      }
    } else {
      FloatVector sum = v.add(FloatVector.fromArray(S, residual, to));
      switch (act) {
        case RELU -> sum.max(0).intoArray(y, to);
        case RELU6 -> sum.max(0).min(6).intoArray(y, to);
        default -> sum.intoArray(y, to);
      }
    }
  }
}
