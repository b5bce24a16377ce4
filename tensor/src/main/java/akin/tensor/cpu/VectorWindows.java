package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Windows with the Vector API. The last vector of a run overlaps the one before; a run shorter than
 * a vector is summed by plain loops.
 */
final class VectorWindows implements Windows {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);
  private static final int L = S.length();

  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, i -> i / 2);
  private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(S, i -> L / 2 + i / 2);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(S, 0xaaaaL);

  /** L times no bit, L times all bits: from the middle backwards a mask of upper lanes. */
  private static final int[] MASKS = new int[2 * L];

  static {
    java.util.Arrays.fill(MASKS, L, 2 * L, -1);
  }

  private final ScalarWindows plain = new ScalarWindows();

  @Override
  public void sum(
      float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, int n, float bias) {
    if (n < L) {
      plain.sum(x, xo, taps, w, wo, y, yo, n, bias);
      return;
    }
    int i = 0;
    for (; i < n - 2 * L; i += 4 * L) {
      four(x, xo, taps, w, wo, y, yo, i, n, bias);
    }
    for (; i < n; i += L) {
      one(x, xo, taps, w, wo, y, yo, Math.min(i, n - L), bias);
    }
  }

  private static void four(
      float[] x,
      int xo,
      int[] taps,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int i,
      int n,
      float bias) {
    int i1 = i + L;
    int i2 = Math.min(i + 2 * L, n - L);
    int i3 = Math.min(i + 3 * L, n - L);
    FloatVector s0 = FloatVector.broadcast(S, bias);
    FloatVector s1 = FloatVector.broadcast(S, bias);
    FloatVector s2 = FloatVector.broadcast(S, bias);
    FloatVector s3 = FloatVector.broadcast(S, bias);
    for (int k = 0; k < taps.length; k++) {
      int from = xo + taps[k];
      FloatVector v = FloatVector.broadcast(S, w[wo + k]);
      s0 = v.fma(FloatVector.fromArray(S, x, from + i), s0);
      s1 = v.fma(FloatVector.fromArray(S, x, from + i1), s1);
      s2 = v.fma(FloatVector.fromArray(S, x, from + i2), s2);
      s3 = v.fma(FloatVector.fromArray(S, x, from + i3), s3);
    }
    s0.intoArray(y, yo + i);
    s1.intoArray(y, yo + i1);
    s2.intoArray(y, yo + i2);
    s3.intoArray(y, yo + i3);
  }

  private static void one(
      float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, int i, float bias) {
    FloatVector s = FloatVector.broadcast(S, bias);
    for (int k = 0; k < taps.length; k++) {
      FloatVector v = FloatVector.broadcast(S, w[wo + k]);
      s = v.fma(FloatVector.fromArray(S, x, xo + taps[k] + i), s);
    }
    s.intoArray(y, yo + i);
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void products(
      float[] x, int xo, int[] taps, float[] g, int go, int n, float[] sums, int at) {
    int k = 0;
    for (; k <= taps.length - 9; k += 9) {
      nine(x, xo, taps, k, g, go, n, sums, at + k * L);
    }
    for (; k < taps.length; k++) {
      product(x, xo + taps[k], g, go, n, sums, at + k * L);
    }
  }

  private static void nine(
      float[] x, int xo, int[] taps, int k, float[] g, int go, int n, float[] sums, int at) {
    int x0 = xo + taps[k];
    int x1 = xo + taps[k + 1];
    int x2 = xo + taps[k + 2];
    int x3 = xo + taps[k + 3];
    int x4 = xo + taps[k + 4];
    int x5 = xo + taps[k + 5];
    int x6 = xo + taps[k + 6];
    int x7 = xo + taps[k + 7];
    int x8 = xo + taps[k + 8];
    FloatVector s0 = FloatVector.fromArray(S, sums, at);
    FloatVector s1 = FloatVector.fromArray(S, sums, at + L);
    FloatVector s2 = FloatVector.fromArray(S, sums, at + 2 * L);
    FloatVector s3 = FloatVector.fromArray(S, sums, at + 3 * L);
    FloatVector s4 = FloatVector.fromArray(S, sums, at + 4 * L);
    FloatVector s5 = FloatVector.fromArray(S, sums, at + 5 * L);
    FloatVector s6 = FloatVector.fromArray(S, sums, at + 6 * L);
    FloatVector s7 = FloatVector.fromArray(S, sums, at + 7 * L);
    FloatVector s8 = FloatVector.fromArray(S, sums, at + 8 * L);
    int whole = n - n % L;
    for (int i = 0; i < whole; i += L) {
      FloatVector v = FloatVector.fromArray(S, g, go + i);
      s0 = v.fma(FloatVector.fromArray(S, x, x0 + i), s0);
      s1 = v.fma(FloatVector.fromArray(S, x, x1 + i), s1);
      s2 = v.fma(FloatVector.fromArray(S, x, x2 + i), s2);
      s3 = v.fma(FloatVector.fromArray(S, x, x3 + i), s3);
      s4 = v.fma(FloatVector.fromArray(S, x, x4 + i), s4);
      s5 = v.fma(FloatVector.fromArray(S, x, x5 + i), s5);
      s6 = v.fma(FloatVector.fromArray(S, x, x6 + i), s6);
      s7 = v.fma(FloatVector.fromArray(S, x, x7 + i), s7);
      s8 = v.fma(FloatVector.fromArray(S, x, x8 + i), s8);
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + L);
    s2.intoArray(sums, at + 2 * L);
    s3.intoArray(sums, at + 3 * L);
    s4.intoArray(sums, at + 4 * L);
    s5.intoArray(sums, at + 5 * L);
    s6.intoArray(sums, at + 6 * L);
    s7.intoArray(sums, at + 7 * L);
    s8.intoArray(sums, at + 8 * L);
    if (whole < n) {
      for (int t = 0; t < 9; t++) {
        rest(x, xo + taps[k + t], g, go, n, sums, at + t * L);
      }
    }
  }

  private static void product(float[] x, int xo, float[] g, int go, int n, float[] sums, int at) {
    FloatVector s = FloatVector.fromArray(S, sums, at);
    int whole = n - n % L;
    for (int i = 0; i < whole; i += L) {
      s = FloatVector.fromArray(S, g, go + i).fma(FloatVector.fromArray(S, x, xo + i), s);
    }
    s.intoArray(sums, at);
    if (whole < n) {
      rest(x, xo, g, go, n, sums, at);
    }
  }

  /** The last n modulo L products. */
  private static void rest(float[] x, int xo, float[] g, int go, int n, float[] sums, int at) {
    int count = n % L;
    if (n < L) {
      for (int i = 0; i < count; i++) {
        sums[at + i] = Math.fma(g[go + i], x[xo + i], sums[at + i]);
      }
      return;
    }
    IntVector upper = IntVector.fromArray(I, MASKS, count);
    FloatVector v = FloatVector.fromArray(S, g, go + n - L);
    v = v.reinterpretAsInts().and(upper).reinterpretAsFloats();
    FloatVector s = FloatVector.fromArray(S, sums, at);
    v.fma(FloatVector.fromArray(S, x, xo + n - L), s).intoArray(sums, at);
  }

  @Override
  public void weave(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int pairs = n / 2;
    int i = 0;
    for (; i <= pairs - L; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.rearrange(LOWER).blend(q.rearrange(LOWER), ODD).intoArray(y, yo + 2 * i);
      p.rearrange(UPPER).blend(q.rearrange(UPPER), ODD).intoArray(y, yo + 2 * i + L);
    }
    ScalarWindows.pairs(a, ao, b, bo, y, yo, i, pairs);
    if (n % 2 != 0) {
      y[yo + n - 1] = a[ao + pairs];
    }
  }
}
