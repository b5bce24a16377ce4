package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Row sums with the Vector API, four vectors of running sums. */
final class VectorSums implements Sums {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();
  private static final VectorShuffle<Float> BY_8 = VectorShuffle.fromOp(S, i -> (i + 8) % L);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.fromOp(S, i -> (i + 4) % L);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.fromOp(S, i -> (i + 2) % L);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.fromOp(S, i -> (i + 1) % L);

  @Override
  public double sum(float[] x, int from, int to) {
    double total = 0;
    for (int start = from; start < to; start += BLOCK) {
      total += sumBlock(x, start, Math.min(BLOCK, to - start));
    }
    return total;
  }

  private static float sumBlock(float[] x, int at, int n) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      a = a.add(FloatVector.fromArray(S, x, at + i));
      b = b.add(FloatVector.fromArray(S, x, at + i + L));
      c = c.add(FloatVector.fromArray(S, x, at + i + 2 * L));
      d = d.add(FloatVector.fromArray(S, x, at + i + 3 * L));
    }
    for (; i <= n - L; i += L) {
      a = a.add(FloatVector.fromArray(S, x, at + i));
    }
    float sum = fold(a, b, c, d);
    for (; i < n; i++) {
      sum += x[at + i];
    }
    return sum;
  }

  @Override
  public double squares(float[] x, int from, int to, float shift) {
    double total = 0;
    for (int start = from; start < to; start += BLOCK) {
      total += squaresBlock(x, start, Math.min(BLOCK, to - start), shift);
    }
    return total;
  }

  private static float squaresBlock(float[] x, int at, int n, float shift) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      FloatVector p = FloatVector.fromArray(S, x, at + i).sub(shift);
      FloatVector q = FloatVector.fromArray(S, x, at + i + L).sub(shift);
      FloatVector r = FloatVector.fromArray(S, x, at + i + 2 * L).sub(shift);
      FloatVector s = FloatVector.fromArray(S, x, at + i + 3 * L).sub(shift);
      a = p.fma(p, a);
      b = q.fma(q, b);
      c = r.fma(r, c);
      d = s.fma(s, d);
    }
    for (; i <= n - L; i += L) {
      FloatVector p = FloatVector.fromArray(S, x, at + i).sub(shift);
      a = p.fma(p, a);
    }
    float sum = fold(a, b, c, d);
    for (; i < n; i++) {
      float p = x[at + i] - shift;
      sum = Math.fma(p, p, sum);
    }
    return sum;
  }

  @Override
  public double products(float[] y, int yo, float[] x, int xo, int n, float shift) {
    double total = 0;
    for (int start = 0; start < n; start += BLOCK) {
      total += productsBlock(y, yo + start, x, xo + start, Math.min(BLOCK, n - start), shift);
    }
    return total;
  }

  private static float productsBlock(float[] y, int yo, float[] x, int xo, int n, float shift) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = 0;
    for (; i <= n - 4 * L; i += 4 * L) {
      FloatVector p = FloatVector.fromArray(S, x, xo + i).sub(shift);
      FloatVector q = FloatVector.fromArray(S, x, xo + i + L).sub(shift);
      FloatVector r = FloatVector.fromArray(S, x, xo + i + 2 * L).sub(shift);
      FloatVector s = FloatVector.fromArray(S, x, xo + i + 3 * L).sub(shift);
      a = p.fma(FloatVector.fromArray(S, y, yo + i), a);
      b = q.fma(FloatVector.fromArray(S, y, yo + i + L), b);
      c = r.fma(FloatVector.fromArray(S, y, yo + i + 2 * L), c);
      d = s.fma(FloatVector.fromArray(S, y, yo + i + 3 * L), d);
    }
    for (; i <= n - L; i += L) {
      FloatVector p = FloatVector.fromArray(S, x, xo + i).sub(shift);
      a = p.fma(FloatVector.fromArray(S, y, yo + i), a);
    }
    float sum = fold(a, b, c, d);
    for (; i < n; i++) {
      sum = Math.fma(y[yo + i], x[xo + i] - shift, sum);
    }
    return sum;
  }

  @Override
  public float extreme(boolean largest, float[] x, int from, int to) {
    return largest ? max(x, from, to) : min(x, from, to);
  }

  private static float max(float[] x, int from, int to) {
    float best = x[from];
    int i = from;
    if (to - from >= L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      for (i += L; i <= to - L; i += L) {
        v = FloatVector.fromArray(S, x, i).max(v);
      }
      return largest(FloatVector.fromArray(S, x, to - L).max(v));
    }
    for (; i < to; i++) {
      best = Math.max(best, x[i]);
    }
    return best;
  }

  private static float min(float[] x, int from, int to) {
    float best = x[from];
    int i = from;
    if (to - from >= L) {
      FloatVector v = FloatVector.fromArray(S, x, i);
      for (i += L; i <= to - L; i += L) {
        v = FloatVector.fromArray(S, x, i).min(v);
      }
      return smallest(FloatVector.fromArray(S, x, to - L).min(v));
    }
    for (; i < to; i++) {
      best = Math.min(best, x[i]);
    }
    return best;
  }

  /** The largest of the lanes. */
  private static float largest(FloatVector v) {
    if (L == 16) {
      v = v.rearrange(BY_8).max(v);
    }
    if (L >= 8) {
      v = v.rearrange(BY_4).max(v);
    }
    v = v.rearrange(BY_2).max(v);
    v = v.rearrange(BY_1).max(v);
    return v.lane(0);
  }

  /** The smallest of the lanes. */
  private static float smallest(FloatVector v) {
    if (L == 16) {
      v = v.rearrange(BY_8).min(v);
    }
    if (L >= 8) {
      v = v.rearrange(BY_4).min(v);
    }
    v = v.rearrange(BY_2).min(v);
    v = v.rearrange(BY_1).min(v);
    return v.lane(0);
  }

  /** The sum of all lanes, halves onto halves. */
  private static float fold(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    // Sums come out of a loop: as arguments only, since their own methods may box them for good.
    FloatVector nothing = FloatVector.broadcast(S, -0f);
    FloatVector v = nothing.add(a).add(b).add(nothing.add(c).add(d));
    if (L == 16) {
      v = v.add(v.rearrange(BY_8));
    }
    if (L >= 8) {
      v = v.add(v.rearrange(BY_4));
    }
    v = v.add(v.rearrange(BY_2));
    v = v.add(v.rearrange(BY_1));
    return v.lane(0);
  }
}
