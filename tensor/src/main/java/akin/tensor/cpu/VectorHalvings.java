package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** 2×2 maxima with the Vector API: pairs are split into even and odd cells, and joined again. */
final class VectorHalvings implements Halvings {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  /** Cells 0, 2, 4 … of two vectors: lanes of the lower half from the first, others the second. */
  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);

  private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(S, i -> 2 * i % L + 1);
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(S, -1L << L / 2);

  /** Each cell of the lower or upper half twice. */
  private static final VectorShuffle<Float> LOW_TWICE = VectorShuffle.fromOp(S, i -> i / 2);

  private static final VectorShuffle<Float> HIGH_TWICE =
      VectorShuffle.fromOp(S, i -> i / 2 + L / 2);
  private static final VectorMask<Float> ODD_LANES = VectorMask.fromLong(S, 0xaaaaaaaaaaaaaaaaL);

  /** The even, or the odd cell of each pair twice. */
  private static final VectorShuffle<Float> EVEN_LANE = VectorShuffle.fromOp(S, i -> i & -2);

  private static final VectorShuffle<Float> ODD_LANE = VectorShuffle.fromOp(S, i -> i | 1);

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  private static FloatVector even(FloatVector p, FloatVector q) {
    return p.rearrange(EVEN).blend(q.rearrange(EVEN), UPPER);
  }

  private static FloatVector odd(FloatVector p, FloatVector q) {
    return p.rearrange(ODD).blend(q.rearrange(ODD), UPPER);
  }

  @Override
  public void max(float[] x, int row, int pitch, float[] y, int yo, int n, int room) {
    int reach = Math.min(room, x.length - row - pitch >> 1); // outputs whose cells can be read
    int j = 0;
    for (; j < n && j + L <= reach; j += L) {
      int a = row + 2 * j;
      FloatVector p = load(x, a).max(load(x, a + pitch));
      FloatVector q = load(x, a + L).max(load(x, a + L + pitch));
      even(p, q).max(odd(p, q)).intoArray(y, yo + j);
    }
    ScalarHalvings.maxima(x, row, pitch, y, yo, j, n);
  }

  @Override
  public void route(
      float[] x, float[] y, float[] dy, float[] dx, int row, int pitch, int yo, int n, int room) {
    int j = 0;
    if (n >= L) {
      for (; j <= n - L && route(x, y, dy, dx, row + 2 * j, pitch, yo + j); j += L) {}
      if (j > n - L && j < n && route(x, y, dy, dx, row + 2 * (n - L), pitch, yo + n - L)) {
        j = n; // the last vector overlaps the one before
      }
    } else if (pitch + 2 * L <= room && yo + L <= y.length) {
      j = route(x, y, dy, dx, row, pitch, yo) ? n : 0;
    }
    ScalarHalvings.routes(x, y, dy, dx, row, pitch, yo, j, n);
  }

  /** The four cells of L windows; false, and nothing done, if a window holds a NaN. */
  private static boolean route(
      float[] x, float[] y, float[] dy, float[] dx, int a, int pitch, int yo) {
    FloatVector best = load(y, yo);
    if (best.compare(VectorOperators.NE, best).anyTrue()) {
      return false;
    }
    FloatVector g = load(dy, yo);
    FloatVector lowBest = best.rearrange(LOW_TWICE);
    FloatVector lowG = g.rearrange(LOW_TWICE);
    FloatVector highBest = best.rearrange(HIGH_TWICE);
    FloatVector highG = g.rearrange(HIGH_TWICE);
    FloatVector lowRest = pass(load(x, a), lowBest, lowG, dx, a);
    FloatVector highRest = pass(load(x, a + L), highBest, highG, dx, a + L);
    pass(load(x, a + pitch), lowBest, lowRest, dx, a + pitch);
    pass(load(x, a + pitch + L), highBest, highRest, dx, a + pitch + L);
    return true;
  }

  /**
   * Offers g to the two upper or lower cells of L/2 windows; what they do not take is passed on.
   *
   * @param best of each window, twice, and so its g
   */
  private static FloatVector pass(
      FloatVector x, FloatVector best, FloatVector g, float[] dx, int at) {
    FloatVector zero = FloatVector.zero(S);
    VectorMask<Float> below = x.compare(VectorOperators.LT, best);
    FloatVector second = zero.blend(g, below).rearrange(EVEN_LANE); // left by the even cell
    FloatVector offered = g.blend(second, ODD_LANES);
    offered.blend(0, below).intoArray(dx, at);
    return zero.blend(offered, below).rearrange(ODD_LANE);
  }
}
