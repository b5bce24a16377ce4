package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows moved in whole vectors. The last vector of a row longer than a vector overlaps the one
 * before; of a shorter row it runs into the next, which is written later.
 */
final class VectorStrips implements Strips {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);
  private static final int L = S.length();

  /**
   * Elements 0, 2, 4 … of two vectors: the lower half from the first, the upper from the second.
   */
  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);

  /** Even lanes before odd ones. */
  private static final VectorShuffle<Float> HALVES =
      VectorShuffle.fromOp(S, i -> i < L / 2 ? 2 * i : 2 * i - L + 1);

  /** The first element of a pair. */
  private static final long LOWER = 0xffffffffL;

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
  public void widen(
      float[] x, int xo, int distance, int[] inside, float[] y, int yo, int pitch, int rows) {
    for (int r = 0; r < rows; r++) {
      int from = xo + r * distance;
      int to = yo + r * pitch;
      for (int i = 0; i < pitch; i += L) {
        IntVector cells = FloatVector.fromArray(S, x, from + i).reinterpretAsInts();
        cells.and(IntVector.fromArray(I, inside, i)).reinterpretAsFloats().intoArray(y, to + i);
      }
    }
  }

  /** As pairs of elements in 64 bits: one vector's go to the even lanes, the other's to the odd. */
  @Override
  public void split(
      float[] x,
      int xo,
      int distance,
      int[] even,
      int[] odd,
      float[] y,
      int yo,
      int apart,
      int pitch,
      int rows) {
    for (int r = 0; r < rows; r++) {
      int from = xo + r * distance;
      int to = yo + r * pitch;
      for (int i = 0; i < pitch; i += L) {
        LongVector p = FloatVector.fromArray(S, x, from + 2 * i).reinterpretAsLongs();
        LongVector q = FloatVector.fromArray(S, x, from + 2 * i + L).reinterpretAsLongs();
        LongVector lower = p.and(LOWER).or(q.lanewise(VectorOperators.LSHL, 32));
        LongVector upper = p.lanewise(VectorOperators.LSHR, 32).or(q.and(~LOWER));
        FloatVector a = lower.reinterpretAsFloats().rearrange(HALVES);
        FloatVector b = upper.reinterpretAsFloats().rearrange(HALVES);
        IntVector c = a.reinterpretAsInts().and(IntVector.fromArray(I, even, i));
        c.reinterpretAsFloats().intoArray(y, to + i);
        IntVector d = b.reinterpretAsInts().and(IntVector.fromArray(I, odd, i));
        d.reinterpretAsFloats().intoArray(y, to + apart + i);
      }
    }
  }

  @Override
  public void compact(float[] x, int xo, int pitch, float[] y, int yo, int n, int rows) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i += L) {
        FloatVector.fromArray(S, x, xo + r * pitch + i).intoArray(y, yo + r * n + i);
      }
    }
  }

  @Override
  public void max(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      larger(x, xo + i, y, yo + i);
    }
    if (i < n && n > L) {
      larger(x, xo + n - L, y, yo + n - L); // overlaps the one before: a maximum taken twice
    } else {
      ScalarStrips.larger(x, xo, y, yo, i, n);
    }
  }

  private static void larger(float[] x, int from, float[] y, int to) {
    FloatVector.fromArray(S, x, from).max(FloatVector.fromArray(S, y, to)).intoArray(y, to);
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
        y[to] = (float) act.value(residual == null ? v : v + residual[to]);
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
