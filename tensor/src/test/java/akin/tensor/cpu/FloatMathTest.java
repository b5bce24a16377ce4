package akin.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.backend.Unary;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The bounds that {@link FloatMath} states, at some two million floats of each sign. */
class FloatMathTest {
  /** A prime, so that no pattern of the last bits is left out. */
  private static final int STEP = 997;

  private static final float ALL = Float.POSITIVE_INFINITY;

  /** A function of floats. */
  private interface Curve {
    float at(float x);
  }

  /**
   * What is to be met.
   *
   * @param exact the definition, in float64
   * @param units how many units in the last place a value may be off by, at an argument
   * @param least values that are smaller have the last place of this one
   * @param product whether it is x times what may be flushed to 0
   */
  private record Goal(
      DoubleUnaryOperator exact, DoubleUnaryOperator units, float least, boolean product) {
    static Goal value(Unary f, double units) {
      return new Goal(x -> f.value(x, 0, 0), x -> units, Float.MIN_NORMAL, false);
    }

    static Goal product(Unary f, double units) {
      return new Goal(x -> f.value(x, 0, 0), x -> units, Float.MIN_NORMAL, true);
    }

    static Goal slope(Unary f, double units) {
      return slope(f, x -> units);
    }

    static Goal slope(Unary f, DoubleUnaryOperator units) {
      return new Goal(x -> f.slope(x, f.value(x, 0, 0), 0, 0), units, 1, false);
    }

    /** How far y is off, as a part of what is allowed. */
    double off(float x, float y) {
      double truth = exact.applyAsDouble(x);
      float rounded = (float) truth;
      if (rounded == y || Float.isNaN(rounded) && Float.isNaN(y)) {
        return 0;
      }
      double flushed = Float.MIN_NORMAL * (product ? Math.max(1, Math.abs(x)) : 1);
      if (Math.abs(truth) < flushed && Math.abs(y) < flushed) {
        return 0;
      }
      double unit = Math.ulp(Math.max(Math.abs(rounded), least));
      return Math.abs(y - truth) / unit / units.applyAsDouble(x);
    }
  }

  /** Checks both signs of every magnitude from 0 to {@code high}. */
  private static void check(String name, float high, Curve f, Goal goal) {
    double worst = 0;
    float worstAt = 0;
    int last = Float.floatToIntBits(high);
    for (int bits = 0; bits <= last; bits += STEP) {
      for (int sign = 0; sign <= 1; sign++) {
        float x = Float.intBitsToFloat(sign == 0 ? bits : bits | Integer.MIN_VALUE);
        double off = goal.off(x, f.at(x));
        if (!(off <= worst)) {
          worst = off;
          worstAt = x;
        }
      }
    }
    String found = name + " is off by " + worst + " of its bound at " + worstAt;
    assertTrue(worst <= 1, found);
  }

  @Test
  void values() {
    check("exp", ALL, FloatMath::exp, Goal.value(Unary.EXP, 2));
    check("log", ALL, FloatMath::log, Goal.value(Unary.LOG, 2));
    check("tanh", ALL, FloatMath::tanh, Goal.value(Unary.TANH, 2));
    check("sigmoid", ALL, FloatMath::sigmoid, Goal.value(Unary.SIGMOID, 3));
    check("silu", ALL, FloatMath::silu, Goal.product(Unary.SILU, 4));
    check("erf", ALL, FloatMath::erf, Goal.value(Unary.ERF, 3));
    check("gelu", ALL, FloatMath::gelu, Goal.product(Unary.GELU, 8));
  }

  /** ½(1 + tanh u) is σ(2u), which keeps its digits in float64 too. */
  @Test
  void theTangentsGeluIsAsGoodAsItsArgument() {
    DoubleUnaryOperator exact = x -> x * Unary.SIGMOID.value(argument(x), 0, 0);
    DoubleUnaryOperator units = x -> 4 * (1 + Math.abs(argument(x)));
    check("geluTanh", ALL, FloatMath::geluTanh, new Goal(exact, units, Float.MIN_NORMAL, true));
  }

  /** 2u. */
  private static double argument(double x) {
    return 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  @Test
  void slopes() {
    check("erfSlope", ALL, FloatMath::erfSlope, Goal.slope(Unary.ERF, 2));
    check("geluSlope", ALL, FloatMath::geluSlope, Goal.slope(Unary.GELU, 3));
    check("siluSlope", ALL, FloatMath::siluSlope, Goal.slope(Unary.SILU, x -> 2 + Math.abs(x)));
    // x·(1 − σ)·d(2u)/dx, where 1 − σ is off by half a unit or more
    DoubleUnaryOperator units =
        x -> 2 + 2 * Math.sqrt(2 / Math.PI) * (Math.abs(x) + 0.14 * Math.abs(x * x * x));
    check("geluTanhSlope", ALL, FloatMath::geluTanhSlope, Goal.slope(Unary.GELU_TANH, units));
  }
}
