package akin.tensor.cpu;

import akin.tensor.backend.Unary;
import java.util.EnumMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Curves with the Vector API; the tail of a loop is done by {@link FloatMath}, to the same bits.
 * Longer functions go over a strip several times, so that each loop is short enough to be compiled
 * as a whole in every virtual machine; what is between stays in the first cache.
 */
final class VectorCurves implements Curves {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  /** Elements of a strip. */
  private static final int STRIP = SPACE / 2;

  /**
   * One loop over a strip, from elements {@code at} of x, dy and y on, with what earlier passes
   * left in the space. Three or more of them at one call keep the compiler from joining them again.
   */
  private interface Pass {
    void run(float[] x, float[] dy, float[] y, int at, int n, float[] space);
  }

  private static final Map<Unary, Pass[]> VALUES = new EnumMap<>(Unary.class);
  private static final Map<Unary, Pass[]> SLOPES = new EnumMap<>(Unary.class);

  static {
    float most = FloatMath.ERFC_MAX;
    float widest = FloatMath.ERFC_MAX / FloatMath.ROOT_HALF;
    float endless = Float.POSITIVE_INFINITY;
    Pass expOfMinus = (x, dy, y, at, n, space) -> expOfMinus(x, at, space, n);
    Pass expOfMinusSpace = (x, dy, y, at, n, space) -> expOfMinus(space, 0, space, n);
    Pass timesSigmoid = (x, dy, y, at, n, space) -> timesSigmoid(x, y, at, space, n);
    Pass geluArgument = (x, dy, y, at, n, space) -> geluArgument(x, at, space, n);
    Pass erfcx = (x, dy, y, at, n, space) -> erfcx(x, at, FloatMath.ROOT_HALF, widest, space, n);
    Pass expOfUpper = (x, dy, y, at, n, space) -> expAbout(space, STRIP, 0, space, STRIP, n);
    Pass square = (x, dy, y, at, n, space) -> minusSquare(x, at, 0.5f, widest, space, n);
    Pass tail = (x, dy, y, at, n, space) -> timesExpOfSquare(x, at, 0.5f, widest, space, n);
    VALUES.put(Unary.EXP, passes((x, dy, y, at, n, space) -> expAbout(x, at, 0, y, at, n)));
    VALUES.put(
        Unary.LOG,
        passes(
            (x, dy, y, at, n, space) -> log(x, at, space, n),
            (x, dy, y, at, n, space) -> logOfAny(x, y, at, space, n)));
    VALUES.put(
        Unary.TANH,
        passes(
            (x, dy, y, at, n, space) -> expOfTwice(x, at, space, n),
            (x, dy, y, at, n, space) -> tanhSmall(x, at, space, n),
            (x, dy, y, at, n, space) -> tanh(x, y, at, space, n)));
    VALUES.put(
        Unary.SIGMOID, passes(expOfMinus, (x, dy, y, at, n, space) -> sigmoid(y, at, space, n)));
    VALUES.put(Unary.SILU, passes(expOfMinus, timesSigmoid));
    VALUES.put(Unary.GELU_TANH, passes(geluArgument, expOfMinusSpace, timesSigmoid));
    VALUES.put(
        Unary.ERF,
        passes(
            (x, dy, y, at, n, space) -> erfcx(x, at, 1, most, space, n),
            (x, dy, y, at, n, space) -> minusSquare(x, at, 1, most, space, n),
            expOfUpper,
            (x, dy, y, at, n, space) -> timesExpOfSquare(x, at, 1, most, space, n),
            (x, dy, y, at, n, space) -> erf(x, y, at, space, n)));
    VALUES.put(
        Unary.GELU,
        passes(
            erfcx, square, expOfUpper, tail, (x, dy, y, at, n, space) -> gelu(x, y, at, space, n)));
    SLOPES.put(
        Unary.ERF,
        passes(
            (x, dy, y, at, n, space) -> minusSquare(x, at, 1, endless, space, n),
            expOfUpper,
            (x, dy, y, at, n, space) -> erfSlope(dy, y, at, space, n)));
    SLOPES.put(
        Unary.GELU,
        passes(
            erfcx,
            square,
            expOfUpper,
            tail,
            (x, dy, y, at, n, space) -> geluSlope(x, dy, y, at, space, n)));
    SLOPES.put(
        Unary.GELU_TANH,
        passes(
            geluArgument,
            expOfMinusSpace,
            (x, dy, y, at, n, space) -> geluTanhSlope(x, dy, y, at, space, n)));
    SLOPES.put(
        Unary.SILU,
        passes(expOfMinus, (x, dy, y, at, n, space) -> siluSlope(x, dy, y, at, space, n)));
  }

  private static Pass[] passes(Pass... passes) {
    return passes;
  }

  private static void run(
      Pass[] passes, float[] x, float[] dy, float[] y, int at, int n, float[] space) {
    for (Pass pass : passes) {
      pass.run(x, dy, y, at, n, space);
    }
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  @Override
  public void value(Unary f, float[] x, float[] y, int from, int to, float[] space) {
    for (int at = from; at < to; at += STRIP) {
      int n = Math.min(STRIP, to - at);
      int whole = n - n % L;
      run(VALUES.get(f), x, null, y, at, whole, space);
      ScalarCurves.values(f, x, y, at + whole, at + n);
    }
  }

  @Override
  public void gradient(
      Unary f, float[] x, float[] dy, float[] dx, int from, int to, float[] space) {
    for (int at = from; at < to; at += STRIP) {
      int n = Math.min(STRIP, to - at);
      int whole = n - n % L;
      run(SLOPES.get(f), x, dy, dx, at, whole, space);
      ScalarCurves.slopes(f, x, dy, dx, at + whole, at + n);
    }
  }

  // ---- exponential and logarithm ----

  @Override
  public void exp(float[] x, int xo, float shift, float[] y, int yo, int n) {
    int whole = n - n % L;
    expAbout(x, xo, shift, y, yo, whole);
    if (whole < n && n > L && x != y) { // a last vector does some again, to the same bits
      expAbout(x, xo + n - L, shift, y, yo + n - L, L);
      return;
    }
    for (int i = whole; i < n; i++) {
      y[yo + i] = FloatMath.exp(x[xo + i] - shift);
    }
  }

  private static void expAbout(float[] x, int xo, float shift, float[] y, int yo, int n) {
    FloatVector less = all(shift);
    for (int i = 0; i < n; i += L) {
      VectorMath.exp(load(x, xo + i).sub(less)).intoArray(y, yo + i);
    }
  }

  private static void log(float[] x, int at, float[] y, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.log(load(x, at + i)).intoArray(y, i);
    }
  }

  private static void logOfAny(float[] x, float[] y, int at, float[] log, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.logOfAny(load(x, at + i), load(log, i)).intoArray(y, at + i);
    }
  }

  /** y[i] = e^(−x). */
  private static void expOfMinus(float[] x, int at, float[] y, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.exp(load(x, at + i).neg()).intoArray(y, i);
    }
  }

  /** y[i] = e^(2|x|). */
  private static void expOfTwice(float[] x, int at, float[] y, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector a = load(x, at + i).abs();
      VectorMath.exp(a.add(a)).intoArray(y, i);
    }
  }

  /** y[STRIP + i] = −scale·a² of a = min(|x|, most). */
  private static void minusSquare(float[] x, int at, float scale, float most, float[] y, int n) {
    FloatVector factor = all(-scale);
    for (int i = 0; i < n; i += L) {
      FloatVector a = magnitude(x, at + i, most);
      a.mul(a).mul(factor).intoArray(y, STRIP + i);
    }
  }

  // ---- the logistic function; e holds e^(−x), or e^(−u) ----

  private static FloatVector sigmoid(float[] e, int i) {
    FloatVector one = all(1);
    return one.div(load(e, i).add(one));
  }

  private static void sigmoid(float[] y, int at, float[] e, int n) {
    for (int i = 0; i < n; i += L) {
      sigmoid(e, i).intoArray(y, at + i);
    }
  }

  private static void timesSigmoid(float[] x, float[] y, int at, float[] e, int n) {
    for (int i = 0; i < n; i += L) {
      load(x, at + i).mul(sigmoid(e, i)).intoArray(y, at + i);
    }
  }

  private static void siluSlope(float[] x, float[] dy, float[] dx, int at, float[] e, int n) {
    FloatVector one = all(1);
    for (int i = 0; i < n; i += L) {
      FloatVector s = sigmoid(e, i);
      FloatVector slope = load(x, at + i).mul(s).fma(one.sub(s), s);
      slope.mul(load(dy, at + i)).intoArray(dx, at + i);
    }
  }

  private static void geluArgument(float[] x, int at, float[] y, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.geluArgument(load(x, at + i)).intoArray(y, i);
    }
  }

  private static void geluTanhSlope(float[] x, float[] dy, float[] dx, int at, float[] e, int n) {
    FloatVector one = all(1);
    FloatVector cube = all(3 * FloatMath.GELU_CUBE);
    FloatVector root = all(FloatMath.TWO_ROOT_2_OVER_PI);
    FloatVector most = all(Float.MAX_VALUE);
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(x, at + i);
      FloatVector s = sigmoid(e, i);
      FloatVector slope = v.mul(cube).fma(v, one).mul(root).min(most);
      v.mul(s).mul(one.sub(s)).fma(slope, s).mul(load(dy, at + i)).intoArray(dx, at + i);
    }
  }

  /** y[STRIP + i] = tanh |x| where |x| is small. */
  private static void tanhSmall(float[] x, int at, float[] y, int n) {
    for (int i = 0; i < n; i += L) {
      VectorMath.tanhSmall(load(x, at + i).abs()).intoArray(y, STRIP + i);
    }
  }

  /** e holds e^(2|x|), and what is right for small x. */
  private static void tanh(float[] x, float[] y, int at, float[] e, int n) {
    FloatVector one = all(1);
    FloatVector two = all(2);
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(x, at + i);
      FloatVector a = v.abs();
      FloatVector large = one.sub(two.div(load(e, i).add(one)));
      VectorMask<Float> small = a.compare(VectorOperators.LT, all(FloatMath.TANH_SMALL));
      VectorMath.sign(large.blend(load(e, STRIP + i), small), v).intoArray(y, at + i);
    }
  }

  // ---- the error function ----

  /** min(|x|, most). */
  private static FloatVector magnitude(float[] x, int at, float most) {
    FloatVector a = load(x, at).abs();
    return a.blend(all(most), a.compare(VectorOperators.GT, all(most)));
  }

  /** y[i] = e^(z²)·erfc z of z = factor·min(|x|, most). */
  private static void erfcx(float[] x, int at, float factor, float most, float[] y, int n) {
    FloatVector times = all(factor);
    for (int i = 0; i < n; i += L) {
      VectorMath.erfcx(magnitude(x, at + i, most).mul(times)).intoArray(y, i);
    }
  }

  /**
   * y[i] = e^(−scale·a²)·y[i] of a = min(|x|, most); y[STRIP + i] holds the power of a² as rounded,
   * which lacks what the rounding took.
   */
  private static void timesExpOfSquare(
      float[] x, int at, float scale, float most, float[] y, int n) {
    FloatVector factor = all(-scale);
    for (int i = 0; i < n; i += L) {
      FloatVector a = magnitude(x, at + i, most);
      FloatVector rest = a.fma(a, a.mul(a).neg());
      FloatVector e = load(y, STRIP + i);
      e.fma(rest.mul(factor), e).mul(load(y, i)).intoArray(y, i);
    }
  }

  private static void erf(float[] x, float[] y, int at, float[] tail, int n) {
    FloatVector one = all(1);
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(x, at + i);
      FloatVector a = v.abs();
      FloatVector large = one.sub(load(tail, i));
      VectorMask<Float> small = a.compare(VectorOperators.LT, one);
      VectorMath.sign(large.blend(VectorMath.erfSmall(a), small), v).intoArray(y, at + i);
    }
  }

  /** Φ(x) from its tail, which holds 2·Φ(−|x|). */
  private static FloatVector phi(FloatVector x, float[] tail, int i) {
    FloatVector half = load(tail, i).mul(all(0.5f));
    return half.blend(all(1).sub(half), x.compare(VectorOperators.GT, all(0)));
  }

  private static void gelu(float[] x, float[] y, int at, float[] tail, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(x, at + i);
      v.mul(phi(v, tail, i)).intoArray(y, at + i);
    }
  }

  /** space holds 2·Φ(−|x|), and e^(−x²/2) where that is not 0. */
  private static void geluSlope(float[] x, float[] dy, float[] dx, int at, float[] space, int n) {
    FloatVector root = all(FloatMath.INV_ROOT_2PI);
    for (int i = 0; i < n; i += L) {
      FloatVector v = load(x, at + i);
      FloatVector slope = v.mul(root).fma(load(space, STRIP + i), phi(v, space, i));
      slope.mul(load(dy, at + i)).intoArray(dx, at + i);
    }
  }

  private static void erfSlope(float[] dy, float[] dx, int at, float[] e, int n) {
    FloatVector factor = all(FloatMath.TWO_OVER_ROOT_PI);
    for (int i = 0; i < n; i += L) {
      load(e, STRIP + i).mul(factor).mul(load(dy, at + i)).intoArray(dx, at + i);
    }
  }

  // ---- gates ----

  @Override
  public void gate(Gate gate, float[] x, float[] dy, float[] dx, int from, int to) {
    float low = gate.low();
    float high = gate.high();
    float inside = gate.inside();
    float outside = gate.outside();
    FloatVector in = FloatVector.broadcast(S, inside);
    FloatVector out = FloatVector.broadcast(S, outside);
    int i = from;
    for (; i <= to - L; i += L) {
      FloatVector v = load(x, i);
      VectorMask<Float> open =
          v.compare(VectorOperators.GT, low).and(v.compare(VectorOperators.LE, high));
      load(dy, i).mul(out.blend(in, open)).intoArray(dx, i);
    }
    for (; i < to; i++) {
      dx[i] = dy[i] * (x[i] > low && x[i] <= high ? inside : outside);
    }
  }
}
