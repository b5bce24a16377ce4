package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Arithmetic of float64. */
final class Doubles {
  /** What {@code approx} leaves of a result: the upper half. */
  private static final long UPPER = 0xffffffff_00000000L;

  private Doubles() {}

  /** The number that a register's bits are. */
  static double of(long bits) {
    return Double.longBitsToDouble(bits);
  }

  /** The bits of a number. */
  static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  static Step decode(Instruction i, Decoder d) {
    int to = d.write(i.operand(0), i);
    int a = d.read(i.operand(1), i);
    switch (i.operands().size()) {
      case 2:
        return new UnaryStep(to, a, unary(i));
      case 3:
        return new BinaryStep(to, a, d.read(i.operand(2), i), binary(i));
      default:
        return new TernaryStep(to, a, d.read(i.operand(2), i), d.read(i.operand(3), i), ternary(i));
    }
  }

  private static LongUnaryOperator unary(Instruction i) {
    Rounding rounding = Rounding.of(i);
    switch (i.name()) {
      case "abs":
        return a -> a & Long.MAX_VALUE;
      case "neg":
        return a -> a ^ Long.MIN_VALUE;
      case "sqrt":
        return a -> bits(root(rounding, of(a)));
      case "rcp":
        return i.has("approx")
            ? a -> bits(1 / flushed(of(a))) & UPPER
            : a -> bits(quotient(rounding, 1, of(a)));
      case "rsqrt":
        return i.has("ftz")
            ? a -> bits(1 / Math.sqrt(flushed(of(a)))) & UPPER
            : a -> bits(1 / Math.sqrt(of(a)));
      default:
        throw Families.unknown(i);
    }
  }

  private static double flushed(double value) {
    return Math.abs(value) < Double.MIN_NORMAL ? Math.copySign(0, value) : value;
  }

  private static double root(Rounding rounding, double a) {
    double nearest = Math.sqrt(a);
    return rounding == Rounding.NEAREST || !(a > 0) || !Rounding.finite(a)
        ? nearest
        : rounding.round(nearest, new BigDecimal(a).sqrt(MathContext.DECIMAL128));
  }

  private static double quotient(Rounding rounding, double a, double b) {
    double nearest = a / b;
    return rounding == Rounding.NEAREST || b == 0 || !Rounding.finite(a, b)
        ? nearest
        : rounding.round(
            nearest, new BigDecimal(a).divide(new BigDecimal(b), MathContext.DECIMAL128));
  }

  private static LongBinaryOperator binary(Instruction i) {
    Rounding rounding = Rounding.of(i);
    boolean nearest = rounding == Rounding.NEAREST;
    switch (i.name()) {
      case "add":
        return nearest
            ? (a, b) -> bits(of(a) + of(b))
            : (a, b) -> bits(sum(rounding, of(a), of(b)));
      case "sub":
        return nearest
            ? (a, b) -> bits(of(a) - of(b))
            : (a, b) -> bits(sum(rounding, of(a), -of(b)));
      case "mul":
        return nearest
            ? (a, b) -> bits(of(a) * of(b))
            : (a, b) -> bits(fused(rounding, of(a), of(b), -0.0));
      case "div":
        return (a, b) -> bits(quotient(rounding, of(a), of(b)));
      case "min":
        return (a, b) -> bits(number(of(a), of(b), Math.min(of(a), of(b))));
      case "max":
        return (a, b) -> bits(number(of(a), of(b), Math.max(of(a), of(b))));
      case "copysign":
        return (a, b) -> a & Long.MIN_VALUE | b & Long.MAX_VALUE;
      default:
        throw Families.unknown(i);
    }
  }

  /** The one that is a number where the other is none. */
  private static double number(double a, double b, double otherwise) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : otherwise;
  }

  private static TernaryStep.Operator ternary(Instruction i) {
    if (!i.name().equals("fma") && !i.name().equals("mad")) {
      throw Families.unknown(i);
    }
    Rounding rounding = Rounding.of(i);
    return rounding == Rounding.NEAREST
        ? (a, b, c) -> bits(Math.fma(of(a), of(b), of(c)))
        : (a, b, c) -> bits(fused(rounding, of(a), of(b), of(c)));
  }

  private static double sum(Rounding rounding, double a, double b) {
    if (!Rounding.finite(a, b)) {
      return a + b;
    }
    BigDecimal exact = new BigDecimal(a).add(new BigDecimal(b));
    return exact.signum() == 0 && bits(a) != bits(b) && rounding == Rounding.DOWN
        ? -0.0
        : rounding.round(a + b, exact);
  }

  private static double fused(Rounding rounding, double a, double b, double c) {
    double nearest = Math.fma(a, b, c);
    return Rounding.finite(a, b, c)
        ? rounding.round(
            nearest, new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c)))
        : nearest;
  }
}
