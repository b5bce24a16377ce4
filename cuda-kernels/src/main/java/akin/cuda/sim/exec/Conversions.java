package akin.cuda.sim.exec;

import akin.cuda.sim.ptx.Instruction;
import akin.cuda.sim.ptx.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.LongUnaryOperator;

/** cvt: a value of one type as the nearest of another. */
final class Conversions {
  private static final double TWO_63 = 0x1p63;
  private static final double TWO_64 = 0x1p64;

  private Conversions() {}

  static Step decode(Instruction i, Decoder d) {
    return new UnaryStep(
        d.write(i.operand(0), i), d.read(i.operand(1), i), function(i, i.type(1), i.type(0)));
  }

  private static LongUnaryOperator function(Instruction i, Type to, Type from) {
    if (!from.floating()) {
      return to.floating() ? wholeToFloating(i, to, from) : wholeToWhole(i, to, from);
    }
    return to.floating() ? floatingToFloating(i, to, from) : floatingToWhole(i, to, from);
  }

  private static LongUnaryOperator wholeToWhole(Instruction i, Type to, Type from) {
    if (!i.has("sat")) {
      return a -> to.widen(from.widen(a));
    }
    return a -> {
      BigInteger value = big(from, a);
      int bits = to.signed() ? to.bits() - 1 : to.bits();
      BigInteger most = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
      BigInteger least = to.signed() ? most.not() : BigInteger.ZERO;
      return to.widen(value.min(most).max(least).longValue());
    };
  }

  private static BigInteger big(Type type, long bits) {
    long value = type.widen(bits);
    return type == Type.U64 || type == Type.B64
        ? new BigInteger(Long.toUnsignedString(value))
        : BigInteger.valueOf(value);
  }

  private static LongUnaryOperator wholeToFloating(Instruction i, Type to, Type from) {
    Rounding rounding = Rounding.of(i);
    boolean unsigned64 = from == Type.U64;
    LongUnaryOperator f;
    if (to == Type.F32) {
      f =
          a -> {
            long value = from.widen(a);
            float nearest = unsigned64 ? (float) ofUnsigned(value, true) : (float) value;
            return Floats.bits(
                rounding == Rounding.NEAREST
                    ? nearest
                    : rounding.round(nearest, new BigDecimal(big(from, a))));
          };
    } else {
      f =
          a -> {
            long value = from.widen(a);
            double nearest = unsigned64 ? ofUnsigned(value, false) : (double) value;
            return Doubles.bits(
                rounding == Rounding.NEAREST
                    ? nearest
                    : rounding.round(nearest, new BigDecimal(big(from, a))));
          };
    }
    return f;
  }

  /** A number up to 2⁶⁴ − 1, halved with its last bit kept so that rounding sees it. */
  private static double ofUnsigned(long value, boolean single) {
    if (value >= 0) {
      return single ? (float) value : (double) value;
    }
    long half = value >>> 1 | value & 1;
    return 2 * (single ? (double) (float) half : (double) half);
  }

  private static LongUnaryOperator floatingToWhole(Instruction i, Type to, Type from) {
    Rounding rounding = Rounding.of(i);
    boolean flush = i.has("ftz");
    return a -> {
      double value = value(from, a, flush);
      return Double.isNaN(value) ? 0 : whole(rounding.whole(value), to);
    };
  }

  private static double value(Type type, long bits, boolean flush) {
    if (type == Type.F64) {
      return Doubles.of(bits);
    }
    float value = Floats.of(bits);
    return flush && Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0f, value) : value;
  }

  /** Cut to what the type holds. */
  private static long whole(double value, Type to) {
    switch (to) {
      case S64:
        return (long) value;
      case U64:
        return value <= 0
            ? 0
            : value >= TWO_64
                ? -1
                : value >= TWO_63 ? (long) (value - TWO_63) ^ Long.MIN_VALUE : (long) value;
      default:
        double most = (to.signed() ? 0x1p-1 : 1) * Math.scalb(1.0, to.bits()) - 1;
        double least = to.signed() ? -most - 1 : 0;
        return to.widen((long) Math.max(least, Math.min(most, value)));
    }
  }

  private static LongUnaryOperator floatingToFloating(Instruction i, Type to, Type from) {
    Rounding rounding = Rounding.of(i);
    boolean toWhole = i.modifiers().stream().anyMatch(m -> m.matches("r[nzmp]i"));
    boolean flush = i.has("ftz");
    LongUnaryOperator f;
    if (to == Type.F64) {
      f =
          a -> {
            double value = value(from, a, flush);
            return Doubles.bits(toWhole ? rounding.whole(value) : value);
          };
    } else if (from == Type.F32) {
      f =
          a -> {
            float value = (float) value(from, a, flush);
            return Floats.bits(toWhole ? (float) rounding.whole(value) : value);
          };
    } else {
      f = a -> Floats.bits(narrowed(rounding, Doubles.of(a), flush));
    }
    return i.has("sat") && to == Type.F32 ? a -> Floats.saturated(f.applyAsLong(a)) : f;
  }

  private static float narrowed(Rounding rounding, double value, boolean flush) {
    float nearest = (float) value;
    float result =
        rounding == Rounding.NEAREST || !Rounding.finite(value)
            ? nearest
            : rounding.round(nearest, new BigDecimal(value));
    return flush && Math.abs(result) < Float.MIN_NORMAL ? Math.copySign(0f, result) : result;
  }
}
