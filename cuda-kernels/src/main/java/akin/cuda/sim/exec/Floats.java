package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/**
 * Arithmetic of float32. Java's own is IEEE 754's, rounded to the nearest; what PTX calls {@code
 * approx} is computed in float64 and rounded once, which is within every bound of the manual.
 */
final class Floats {
  /** The NaN that every operation gives. */
  private static final int NAN = 0x7fffffff;

  private Floats() {}

  /** The number that a register's bits are. */
  static float of(long bits) {
    return Float.intBitsToFloat((int) bits);
  }

  /** The bits of a number. */
  static long bits(float value) {
    return Float.isNaN(value) ? NAN : Float.floatToRawIntBits(value);
  }

  static Step decode(Instruction i, Decoder d) {
    int to = d.write(i.operand(0), i);
    int a = d.read(i.operand(1), i);
    switch (i.operands().size()) {
      case 2:
        return new UnaryStep(to, a, finished(i, unary(i)));
      case 3:
        return new BinaryStep(to, a, d.read(i.operand(2), i), binary(i));
      default:
        return new TernaryStep(to, a, d.read(i.operand(2), i), d.read(i.operand(3), i), ternary(i));
    }
  }

  private static LongUnaryOperator unary(Instruction i) {
    switch (i.name()) {
      case "abs":
        return a -> (int) a & 0x7fffffff;
      case "neg":
        return a -> (int) a ^ 0x80000000;
      case "sqrt":
        return root(i);
      case "rcp":
        return reciprocal(i);
      case "rsqrt":
        return a -> bits((float) (1 / Math.sqrt(of(a))));
      case "ex2":
        return a -> bits((float) StrictMath.pow(2, of(a)));
      case "lg2":
        return a -> bits((float) (StrictMath.log(of(a)) / StrictMath.log(2)));
      case "sin":
        return a -> bits((float) StrictMath.sin(of(a)));
      case "cos":
        return a -> bits((float) StrictMath.cos(of(a)));
      case "tanh":
        return a -> bits((float) StrictMath.tanh(of(a)));
      default:
        throw Families.unknown(i);
    }
  }

  private static LongUnaryOperator root(Instruction i) {
    Rounding rounding = Rounding.of(i);
    return a -> {
      float nearest = (float) Math.sqrt(of(a));
      return bits(
          rounding == Rounding.NEAREST || !(of(a) > 0) || !Rounding.finite(of(a))
              ? nearest
              : rounding.round(nearest, new BigDecimal(of(a)).sqrt(MathContext.DECIMAL128)));
    };
  }

  private static LongUnaryOperator reciprocal(Instruction i) {
    LongBinaryOperator quotient = quotient(Rounding.of(i));
    long one = bits(1);
    return a -> quotient.applyAsLong(one, a);
  }

  private static LongBinaryOperator quotient(Rounding rounding) {
    return (a, b) -> {
      float nearest = of(a) / of(b);
      return bits(
          rounding == Rounding.NEAREST || of(b) == 0 || !Rounding.finite(of(a), of(b))
              ? nearest
              : rounding.round(
                  nearest,
                  new BigDecimal(of(a)).divide(new BigDecimal(of(b)), MathContext.DECIMAL128)));
    };
  }

  private static LongBinaryOperator binary(Instruction i) {
    Rounding rounding = Rounding.of(i);
    boolean nearest = rounding == Rounding.NEAREST;
    switch (i.name()) {
      case "add":
        return finished(
            i, nearest ? (a, b) -> bits(of(a) + of(b)) : (a, b) -> sum(rounding, of(a), of(b)));
      case "sub":
        return finished(
            i, nearest ? (a, b) -> bits(of(a) - of(b)) : (a, b) -> sum(rounding, of(a), -of(b)));
      case "mul":
        return finished(
            i,
            nearest ? (a, b) -> bits(of(a) * of(b)) : (a, b) -> fused(rounding, of(a), of(b), -0f));
      case "div":
        return finished(i, quotient(rounding));
      case "min":
        return finished(i, (a, b) -> lesser(i, of(a), of(b)));
      case "max":
        return finished(i, (a, b) -> greater(i, of(a), of(b)));
      case "copysign":
        return (a, b) -> (int) a & 0x80000000 | (int) b & 0x7fffffff;
      default:
        throw Families.unknown(i);
    }
  }

  private static TernaryStep.Operator ternary(Instruction i) {
    if (!i.name().equals("fma") && !i.name().equals("mad")) {
      throw Families.unknown(i);
    }
    Rounding rounding = Rounding.of(i);
    if (rounding == Rounding.NEAREST && !i.has("ftz") && !i.has("sat")) {
      return (a, b, c) -> bits(Math.fma(of(a), of(b), of(c)));
    }
    LongUnaryOperator end = finished(i, x -> x);
    return (a, b, c) ->
        end.applyAsLong(fused(rounding, of(flushed(i, a)), of(flushed(i, b)), of(flushed(i, c))));
  }

  private static long sum(Rounding rounding, float a, float b) {
    float nearest = a + b;
    if (!Rounding.finite(a, b)) {
      return bits(nearest);
    }
    BigDecimal exact = new BigDecimal(a).add(new BigDecimal(b));
    return bits(
        exact.signum() == 0 && bits(a) != bits(b) && rounding == Rounding.DOWN
            ? -0f
            : rounding.round(nearest, exact));
  }

  private static long fused(Rounding rounding, float a, float b, float c) {
    float nearest = Math.fma(a, b, c);
    return bits(
        rounding == Rounding.NEAREST || !Rounding.finite(a, b, c)
            ? nearest
            : rounding.round(
                nearest, new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c))));
  }

  /** The lesser number; a number is less than NaN where the instruction does not pass NaN on. */
  private static long lesser(Instruction i, float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return bits(i.has("NaN") ? Float.NaN : Float.isNaN(a) ? b : a);
    }
    return bits(Math.min(a, b));
  }

  private static long greater(Instruction i, float a, float b) {
    if (Float.isNaN(a) || Float.isNaN(b)) {
      return bits(i.has("NaN") ? Float.NaN : Float.isNaN(a) ? b : a);
    }
    return bits(Math.max(a, b));
  }

  private static long flushed(Instruction i, long bits) {
    boolean tiny = Math.abs(of(bits)) < Float.MIN_NORMAL;
    return i.has("ftz") && tiny ? (int) bits & 0x80000000 : bits;
  }

  /** With .ftz and .sat where the instruction has them. */
  private static LongUnaryOperator finished(Instruction i, LongUnaryOperator f) {
    LongUnaryOperator flushing = i.has("ftz") ? a -> flushed(i, f.applyAsLong(flushed(i, a))) : f;
    return i.has("sat") ? a -> saturated(flushing.applyAsLong(a)) : flushing;
  }

  private static LongBinaryOperator finished(Instruction i, LongBinaryOperator f) {
    LongBinaryOperator flushing =
        i.has("ftz") ? (a, b) -> flushed(i, f.applyAsLong(flushed(i, a), flushed(i, b))) : f;
    return i.has("sat") ? (a, b) -> saturated(flushing.applyAsLong(a, b)) : flushing;
  }

  /** Cut to 0 … 1; NaN becomes 0. */
  static long saturated(long bits) {
    float value = of(bits);
    return bits(value > 0 ? Math.min(value, 1) : 0);
  }
}
