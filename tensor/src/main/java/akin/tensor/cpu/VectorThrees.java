package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Threes with the Vector API. The last vector of a run overlaps the one before. No method takes or
 * gives a vector: one that the compiler does not inline would put it on the heap.
 */
final class VectorThrees implements Threes {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);
  private static final int L = S.length();

  /** L times no bit, L times all bits, L times no bit: masks of upper and of lower lanes. */
  private static final int[] LANES = new int[3 * L];

  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, i -> i / 2);
  private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(S, i -> (L + i) / 2);
  private static final int[] EVEN = new int[L];

  static {
    java.util.Arrays.fill(LANES, L, 2 * L, -1);
    java.util.Arrays.setAll(EVEN, i -> i % 2 - 1);
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void sum(
      float[] x,
      int xo,
      int[] rows,
      Sides sides,
      float[] w,
      int wo,
      float bias,
      float[] y,
      int yo,
      int n) {
    int period = sides.period();
    int c = 0; // i modulo the period
    int i = 0;
    for (; i <= n - 2 * L; i += 2 * L) {
      two(x, xo + i, rows, sides, c, w, wo, bias, y, yo + i);
      c += 2 * L;
      c -= c >= period ? period : 0;
      c -= c >= period ? period : 0;
    }
    for (; i < n; i += L) {
      int j = Math.max(0, Math.min(i, n - L));
      one(x, xo + j, rows, sides, j % period, w, wo, bias, y, yo + j);
    }
  }

  private static void one(
      float[] x,
      int xo,
      int[] rows,
      Sides sides,
      int i,
      float[] w,
      int wo,
      float bias,
      float[] y,
      int yo) {
    IntVector left = IntVector.fromArray(I, sides.left(), i);
    IntVector right = IntVector.fromArray(I, sides.right(), i);
    FloatVector s = FloatVector.broadcast(S, bias);
    for (int k = 0; k < rows.length; k++) {
      int at = xo + rows[k];
      int tap = wo + 3 * k;
      FloatVector l = FloatVector.fromArray(S, x, at - 1);
      l = l.reinterpretAsInts().and(left).reinterpretAsFloats();
      s = FloatVector.broadcast(S, w[tap]).fma(l, s);
      FloatVector m = FloatVector.fromArray(S, x, at);
      s = FloatVector.broadcast(S, w[tap + 1]).fma(m, s);
      FloatVector r = FloatVector.fromArray(S, x, at + 1);
      r = r.reinterpretAsInts().and(right).reinterpretAsFloats();
      s = FloatVector.broadcast(S, w[tap + 2]).fma(r, s);
    }
    s.intoArray(y, yo);
  }

  private static void two(
      float[] x,
      int xo,
      int[] rows,
      Sides sides,
      int i,
      float[] w,
      int wo,
      float bias,
      float[] y,
      int yo) {
    IntVector leftP = IntVector.fromArray(I, sides.left(), i);
    IntVector leftQ = IntVector.fromArray(I, sides.left(), i + L);
    IntVector rightP = IntVector.fromArray(I, sides.right(), i);
    IntVector rightQ = IntVector.fromArray(I, sides.right(), i + L);
    FloatVector p = FloatVector.broadcast(S, bias);
    FloatVector q = FloatVector.broadcast(S, bias);
    for (int k = 0; k < rows.length; k++) {
      int at = xo + rows[k];
      int tap = wo + 3 * k;
      FloatVector w0 = FloatVector.broadcast(S, w[tap]);
      FloatVector w1 = FloatVector.broadcast(S, w[tap + 1]);
      FloatVector w2 = FloatVector.broadcast(S, w[tap + 2]);
      FloatVector lp = FloatVector.fromArray(S, x, at - 1);
      FloatVector lq = FloatVector.fromArray(S, x, at + L - 1);
      p = w0.fma(lp.reinterpretAsInts().and(leftP).reinterpretAsFloats(), p);
      q = w0.fma(lq.reinterpretAsInts().and(leftQ).reinterpretAsFloats(), q);
      p = w1.fma(FloatVector.fromArray(S, x, at), p);
      q = w1.fma(FloatVector.fromArray(S, x, at + L), q);
      FloatVector rp = FloatVector.fromArray(S, x, at + 1);
      FloatVector rq = FloatVector.fromArray(S, x, at + L + 1);
      p = w2.fma(rp.reinterpretAsInts().and(rightP).reinterpretAsFloats(), p);
      q = w2.fma(rq.reinterpretAsInts().and(rightQ).reinterpretAsFloats(), q);
    }
    p.intoArray(y, yo);
    q.intoArray(y, yo + L);
  }

  @Override
  public void four(
      float[] x, int xo, int width, Sides sides, float[] w, int wo, float bias, float[] y, int yo) {
    FloatVector b = FloatVector.broadcast(S, bias);
    FloatVector w0 = FloatVector.broadcast(S, w[wo]);
    FloatVector w1 = FloatVector.broadcast(S, w[wo + 1]);
    FloatVector w2 = FloatVector.broadcast(S, w[wo + 2]);
    FloatVector w3 = FloatVector.broadcast(S, w[wo + 3]);
    FloatVector w4 = FloatVector.broadcast(S, w[wo + 4]);
    FloatVector w5 = FloatVector.broadcast(S, w[wo + 5]);
    FloatVector w6 = FloatVector.broadcast(S, w[wo + 6]);
    FloatVector w7 = FloatVector.broadcast(S, w[wo + 7]);
    FloatVector w8 = FloatVector.broadcast(S, w[wo + 8]);
    for (int j = 0; j < width; j += L) {
      int i = Math.min(j, width - L);
      IntVector left = IntVector.fromArray(I, sides.left(), i);
      IntVector right = IntVector.fromArray(I, sides.right(), i);
      int at = xo + i;
      FloatVector l = FloatVector.fromArray(S, x, at - 1);
      l = l.reinterpretAsInts().and(left).reinterpretAsFloats();
      FloatVector m = FloatVector.fromArray(S, x, at);
      FloatVector r = FloatVector.fromArray(S, x, at + 1);
      r = r.reinterpretAsInts().and(right).reinterpretAsFloats();
      FloatVector s0 = w2.fma(r, w1.fma(m, w0.fma(l, b)));
      at += width;
      l = FloatVector.fromArray(S, x, at - 1);
      l = l.reinterpretAsInts().and(left).reinterpretAsFloats();
      m = FloatVector.fromArray(S, x, at);
      r = FloatVector.fromArray(S, x, at + 1);
      r = r.reinterpretAsInts().and(right).reinterpretAsFloats();
      s0 = w5.fma(r, w4.fma(m, w3.fma(l, s0)));
      FloatVector s1 = w2.fma(r, w1.fma(m, w0.fma(l, b)));
      at += width;
      l = FloatVector.fromArray(S, x, at - 1);
      l = l.reinterpretAsInts().and(left).reinterpretAsFloats();
      m = FloatVector.fromArray(S, x, at);
      r = FloatVector.fromArray(S, x, at + 1);
      r = r.reinterpretAsInts().and(right).reinterpretAsFloats();
      s0 = w8.fma(r, w7.fma(m, w6.fma(l, s0)));
      s1 = w5.fma(r, w4.fma(m, w3.fma(l, s1)));
      FloatVector s2 = w2.fma(r, w1.fma(m, w0.fma(l, b)));
      at += width;
      l = FloatVector.fromArray(S, x, at - 1);
      l = l.reinterpretAsInts().and(left).reinterpretAsFloats();
      m = FloatVector.fromArray(S, x, at);
      r = FloatVector.fromArray(S, x, at + 1);
      r = r.reinterpretAsInts().and(right).reinterpretAsFloats();
      s1 = w8.fma(r, w7.fma(m, w6.fma(l, s1)));
      s2 = w5.fma(r, w4.fma(m, w3.fma(l, s2)));
      FloatVector s3 = w2.fma(r, w1.fma(m, w0.fma(l, b)));
      at += width;
      l = FloatVector.fromArray(S, x, at - 1);
      l = l.reinterpretAsInts().and(left).reinterpretAsFloats();
      m = FloatVector.fromArray(S, x, at);
      r = FloatVector.fromArray(S, x, at + 1);
      r = r.reinterpretAsInts().and(right).reinterpretAsFloats();
      s2 = w8.fma(r, w7.fma(m, w6.fma(l, s2)));
      s3 = w5.fma(r, w4.fma(m, w3.fma(l, s3)));
      at += width;
      l = FloatVector.fromArray(S, x, at - 1);
      l = l.reinterpretAsInts().and(left).reinterpretAsFloats();
      m = FloatVector.fromArray(S, x, at);
      r = FloatVector.fromArray(S, x, at + 1);
      r = r.reinterpretAsInts().and(right).reinterpretAsFloats();
      s3 = w8.fma(r, w7.fma(m, w6.fma(l, s3)));
      s0.intoArray(y, yo + i);
      s1.intoArray(y, yo + i + width);
      s2.intoArray(y, yo + i + 2 * width);
      s3.intoArray(y, yo + i + 3 * width);
    }
  }

  @Override
  public void products(
      float[] x, int xo, int[] rows, Sides sides, float[] g, int go, int n, float[] sums, int at) {
    int k = 0;
    for (; k <= rows.length - 3; k += 3) {
      nine(x, xo, rows, k, sides, g, go, n, sums, at + 3 * k * L);
    }
    for (; k < rows.length; k++) {
      three(x, xo + rows[k], sides, g, go, n, sums, at + 3 * k * L);
    }
  }

  private static void nine(
      float[] x,
      int xo,
      int[] rows,
      int k,
      Sides sides,
      float[] g,
      int go,
      int n,
      float[] sums,
      int at) {
    int x0 = xo + rows[k];
    int x1 = xo + rows[k + 1];
    int x2 = xo + rows[k + 2];
    FloatVector s0 = FloatVector.fromArray(S, sums, at);
    FloatVector s1 = FloatVector.fromArray(S, sums, at + 1 * L);
    FloatVector s2 = FloatVector.fromArray(S, sums, at + 2 * L);
    FloatVector s3 = FloatVector.fromArray(S, sums, at + 3 * L);
    FloatVector s4 = FloatVector.fromArray(S, sums, at + 4 * L);
    FloatVector s5 = FloatVector.fromArray(S, sums, at + 5 * L);
    FloatVector s6 = FloatVector.fromArray(S, sums, at + 6 * L);
    FloatVector s7 = FloatVector.fromArray(S, sums, at + 7 * L);
    FloatVector s8 = FloatVector.fromArray(S, sums, at + 8 * L);
    int c = 0; // j modulo the period
    for (int j = 0; j < n; j += L) {
      int i = j;
      if (n - j < L) {
        i = Math.max(0, n - L);
        c = i % sides.period();
      }
      FloatVector v = FloatVector.fromArray(S, g, go + i);
      if (n - j < L) { // the first n lanes, or those that the vector before lacks
        IntVector part = IntVector.fromArray(I, LANES, n < L ? 2 * L - n : n - j);
        v = v.reinterpretAsInts().and(part).reinterpretAsFloats();
      }
      IntVector bits = v.reinterpretAsInts();
      FloatVector left = bits.and(IntVector.fromArray(I, sides.left(), c)).reinterpretAsFloats();
      FloatVector right = bits.and(IntVector.fromArray(I, sides.right(), c)).reinterpretAsFloats();
      s0 = left.fma(FloatVector.fromArray(S, x, x0 + i - 1), s0);
      s1 = v.fma(FloatVector.fromArray(S, x, x0 + i), s1);
      s2 = right.fma(FloatVector.fromArray(S, x, x0 + i + 1), s2);
      s3 = left.fma(FloatVector.fromArray(S, x, x1 + i - 1), s3);
      s4 = v.fma(FloatVector.fromArray(S, x, x1 + i), s4);
      s5 = right.fma(FloatVector.fromArray(S, x, x1 + i + 1), s5);
      s6 = left.fma(FloatVector.fromArray(S, x, x2 + i - 1), s6);
      s7 = v.fma(FloatVector.fromArray(S, x, x2 + i), s7);
      s8 = right.fma(FloatVector.fromArray(S, x, x2 + i + 1), s8);
      c += L;
      c -= c >= sides.period() ? sides.period() : 0;
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + 1 * L);
    s2.intoArray(sums, at + 2 * L);
    s3.intoArray(sums, at + 3 * L);
    s4.intoArray(sums, at + 4 * L);
    s5.intoArray(sums, at + 5 * L);
    s6.intoArray(sums, at + 6 * L);
    s7.intoArray(sums, at + 7 * L);
    s8.intoArray(sums, at + 8 * L);
  }

  private static void three(
      float[] x, int xo, Sides sides, float[] g, int go, int n, float[] sums, int at) {
    int x0 = xo;
    FloatVector s0 = FloatVector.fromArray(S, sums, at);
    FloatVector s1 = FloatVector.fromArray(S, sums, at + 1 * L);
    FloatVector s2 = FloatVector.fromArray(S, sums, at + 2 * L);
    int c = 0; // j modulo the period
    for (int j = 0; j < n; j += L) {
      int i = j;
      if (n - j < L) {
        i = Math.max(0, n - L);
        c = i % sides.period();
      }
      FloatVector v = FloatVector.fromArray(S, g, go + i);
      if (n - j < L) { // the first n lanes, or those that the vector before lacks
        IntVector part = IntVector.fromArray(I, LANES, n < L ? 2 * L - n : n - j);
        v = v.reinterpretAsInts().and(part).reinterpretAsFloats();
      }
      IntVector bits = v.reinterpretAsInts();
      FloatVector left = bits.and(IntVector.fromArray(I, sides.left(), c)).reinterpretAsFloats();
      FloatVector right = bits.and(IntVector.fromArray(I, sides.right(), c)).reinterpretAsFloats();
      s0 = left.fma(FloatVector.fromArray(S, x, x0 + i - 1), s0);
      s1 = v.fma(FloatVector.fromArray(S, x, x0 + i), s1);
      s2 = right.fma(FloatVector.fromArray(S, x, x0 + i + 1), s2);
      c += L;
      c -= c >= sides.period() ? sides.period() : 0;
    }
    s0.intoArray(sums, at);
    s1.intoArray(sums, at + 1 * L);
    s2.intoArray(sums, at + 2 * L);
  }

  @Override
  public void stuff(float[] x, int xo, int n, int shift, float[] y, int yo, int width) {
    y[yo] = 0;
    int i = 0;
    for (; i < n && xo + i + L <= x.length; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      int to = yo + shift + 2 * i;
      IntVector low = v.rearrange(LOWER).reinterpretAsInts();
      low.and(IntVector.fromArray(I, EVEN, 0)).reinterpretAsFloats().intoArray(y, to);
      IntVector high = v.rearrange(UPPER).reinterpretAsInts();
      high.and(IntVector.fromArray(I, EVEN, 0)).reinterpretAsFloats().intoArray(y, to + L);
    }
    if (i < n) {
      java.util.Arrays.fill(y, yo + shift + 2 * i, yo + width, 0);
      ScalarThrees.spread(x, xo, y, yo + shift, i, n);
    }
    for (i = 2 * n + shift; i < width; i++) {
      y[yo + i] = 0;
    }
  }
}
