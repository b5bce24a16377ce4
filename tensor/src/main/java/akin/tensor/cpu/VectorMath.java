package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatMath} lane by lane: the same operations in the same order, hence the same bits. Only
 * what fits into one compiled loop stands here: where a loop grows too long, the compiler stops
 * inlining somewhere, and every vector that passes there becomes an object. {@link VectorCurves}
 * puts longer functions together, pass by pass.
 */
final class VectorMath {
  private static final VectorSpecies<Float> S = VectorWidth.species();

  private VectorMath() {}

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  static FloatVector exp(FloatVector x) {
    x = x.blend(FloatMath.EXP_MAX, x.compare(VectorOperators.GT, FloatMath.EXP_MAX));
    x = x.blend(FloatMath.EXP_MIN, x.compare(VectorOperators.LT, FloatMath.EXP_MIN));
    FloatVector t = x.fma(all(FloatMath.LOG2_E), all(FloatMath.ROUND));
    FloatVector n = t.sub(FloatMath.ROUND);
    FloatVector r = n.fma(all(-FloatMath.LN2), x);
    r = n.fma(all(-FloatMath.LN2_REST), r);
    FloatVector p = all(FloatMath.E4).fma(r, all(FloatMath.E3));
    p = p.fma(r, all(FloatMath.E2));
    p = p.fma(r, all(FloatMath.E1));
    p = p.fma(r, all(FloatMath.E0));
    p = p.fma(r.mul(r), r).add(1);
    FloatVector half = n.fma(all(0.5f), all(FloatMath.ROUND_BIASED));
    FloatVector rest = n.sub(half.sub(FloatMath.ROUND_BIASED)).add(FloatMath.ROUND_BIASED);
    IntVector first = half.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    IntVector second = rest.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.mul(first.reinterpretAsFloats()).mul(second.reinterpretAsFloats());
  }

  /** log x of positive finite x. */
  static FloatVector log(FloatVector x) {
    VectorMask<Float> tiny = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    FloatVector y = x.blend(x.mul(0x1p23f), tiny);
    IntVector bits = y.reinterpretAsInts();
    IntVector e = bits.sub(FloatMath.ROOT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1);
    FloatVector n = (FloatVector) e.convert(VectorOperators.I2F, 0);
    n = n.blend(n.sub(23), tiny);
    FloatVector s = f.mul(f);
    FloatVector p = all(FloatMath.G8).fma(f, all(FloatMath.G7));
    p = p.fma(f, all(FloatMath.G6));
    p = p.fma(f, all(FloatMath.G5));
    p = p.fma(f, all(FloatMath.G4));
    p = p.fma(f, all(FloatMath.G3));
    p = p.fma(f, all(FloatMath.G2));
    p = p.fma(f, all(FloatMath.G1));
    p = p.fma(f, all(FloatMath.G0));
    FloatVector r = n.fma(all(FloatMath.LN2_LOW), f.mul(s).mul(p));
    r = all(-0.5f).fma(s, r);
    return n.fma(all(FloatMath.LN2_HIGH), f.add(r));
  }

  /** log x of any x, from what {@link #log} says of it. */
  static FloatVector logOfAny(FloatVector x, FloatVector r) {
    r = r.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
    r = r.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
    return all(Float.NaN).blend(r, x.compare(VectorOperators.GE, 0));
  }

  /** tanh x for |x| &lt; 0.625, whose magnitude is a. */
  static FloatVector tanhSmall(FloatVector a) {
    FloatVector s = a.mul(a);
    FloatVector p = all(FloatMath.H4).fma(s, all(FloatMath.H3));
    p = p.fma(s, all(FloatMath.H2));
    p = p.fma(s, all(FloatMath.H1));
    p = p.fma(s, all(FloatMath.H0));
    return p.mul(s).fma(a, a);
  }

  /** {@code magnitude}, which is not negative, with the sign of {@code x}. */
  static FloatVector sign(FloatVector magnitude, FloatVector x) {
    IntVector bit = x.reinterpretAsInts().and(Integer.MIN_VALUE);
    return magnitude.reinterpretAsInts().and(Integer.MAX_VALUE).or(bit).reinterpretAsFloats();
  }

  /** erf x for |x| ≤ 1, whose magnitude is a. */
  static FloatVector erfSmall(FloatVector a) {
    FloatVector s = a.mul(a);
    FloatVector p = all(FloatMath.R6).fma(s, all(FloatMath.R5));
    p = p.fma(s, all(FloatMath.R4));
    p = p.fma(s, all(FloatMath.R3));
    p = p.fma(s, all(FloatMath.R2));
    p = p.fma(s, all(FloatMath.R1));
    p = p.fma(s, all(FloatMath.R0));
    return p.mul(a);
  }

  static FloatVector erfcx(FloatVector z) {
    FloatVector u = z.sub(FloatMath.ERFC_MIDDLE).div(z.add(FloatMath.ERFC_MIDDLE));
    FloatVector p = all(FloatMath.C9).fma(u, all(FloatMath.C8));
    p = p.fma(u, all(FloatMath.C7));
    p = p.fma(u, all(FloatMath.C6));
    p = p.fma(u, all(FloatMath.C5));
    p = p.fma(u, all(FloatMath.C4));
    p = p.fma(u, all(FloatMath.C3));
    p = p.fma(u, all(FloatMath.C2));
    p = p.fma(u, all(FloatMath.C1));
    p = p.fma(u, all(FloatMath.C0));
    return p.div(all(2).fma(z, all(1)));
  }

  /** 2·√(2/π)·(x + 0.044715x³). */
  static FloatVector geluArgument(FloatVector x) {
    return x.mul(x.mul(FloatMath.GELU_CUBE).fma(x, all(1))).mul(FloatMath.TWO_ROOT_2_OVER_PI);
  }
}
