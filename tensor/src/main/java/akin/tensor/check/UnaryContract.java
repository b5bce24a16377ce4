package akin.tensor.check;

import static akin.tensor.check.BackendContract.MANY;
import static akin.tensor.check.BackendContract.SIZES;

import akin.tensor.backend.Buffer;
import akin.tensor.backend.Unary;
import java.util.Arrays;
import java.util.List;

/**
 * Cases for functions of one argument, their slopes, and y = α·x + β.
 *
 * <p>A function may be off as if its argument had been rounded and its result once more: {@code |y|
 * + |x·f′(x)|}, each by eight units in the last place (CUDA promises four for an elementary
 * function; most here are two of them). To that comes what the defining formula itself adds up.
 */
final class UnaryContract {
  private static final int ROUNDINGS = 16;

  /** Which operand the result is written onto. */
  private enum Place {
    APART,
    ON_X,
    ON_Y,
    ON_DY
  }

  private UnaryContract() {}

  static void addTo(List<ContractCase> cases) {
    for (int n : new int[] {0, 1, 13, 702, MANY}) {
      for (double value : new double[] {0, -2.5, 0.1, Double.NaN, Double.NEGATIVE_INFINITY}) {
        cases.add(new ContractCase("fill", "n=" + n + ", " + value, t -> fill(t, n, value)));
      }
      affine(cases, n, 1, 0);
      affine(cases, n, -0.3, 0);
      affine(cases, n, 2, 1.7);
      affine(cases, n, 0, 0.1);
    }
    for (Unary f : Unary.values()) {
      for (double[] p : parameters(f)) {
        unary(cases, f, p[0], p[1]);
      }
    }
  }

  private static void fill(ContractBench t, int n, double value) {
    Buffer y = t.out(n);
    t.backend().fill(y, value);
    t.check("y", y, Bound.of(1, value));
  }

  private static void affine(List<ContractCase> cases, int n, double alpha, double beta) {
    String name = "n=" + n + ", " + alpha + "·x + " + beta;
    for (boolean inPlace : new boolean[] {false, true}) {
      cases.add(
          new ContractCase(
              "affine",
              name + (inPlace ? ", in place" : ""),
              t -> {
                double[] x = t.normal(n);
                Buffer in = t.in(x);
                Buffer y = inPlace ? in : t.out(n);
                t.backend().affine(alpha, in, beta, y);
                double[] terms = new double[n];
                Arrays.setAll(terms, i -> Math.abs(alpha * x[i]) + Math.abs(beta));
                t.check("y", y, Bound.of(4, terms)); // α, β, the product and the sum are rounded
              }));
    }
  }

  /** Pairs (a, b) to try; float32 numbers, so that every backend has the same. */
  private static double[][] parameters(Unary f) {
    return switch (f) {
      case POW -> new double[][] {{2.5, 0}, {3, 0}, {2, 0}, {1, 0}, {0, 0}, {-1, 0}, {0.5, 0}};
      case SOFTPLUS -> new double[][] {{1, 20}, {2, 4}, {0.5, 1}};
      case LEAKY_RELU -> new double[][] {{0.25, 0}, {-0.5, 0}, {0, 0}};
      case CLAMP -> new double[][] {{-1, 2}, {0.25, 0.5}, {-2, Double.POSITIVE_INFINITY}};
      default -> new double[][] {{0, 0}};
    };
  }

  private static void unary(List<ContractCase> cases, Unary f, double a, double b) {
    String name = f + (a == 0 && b == 0 ? "" : ", a=" + a + ", b=" + b);
    for (int i = 0; i < SIZES.length; i++) {
      int n = SIZES[i];
      Place place = Place.values()[i % 4];
      Drawn drawn = t -> inDomain(t, f, a, b, n);
      add(cases, f, a, b, name + ", n=" + n, place, drawn);
    }
    add(cases, f, a, b, name + ", n=391", Place.APART, t -> inDomain(t, f, a, b, 391));
    add(cases, f, a, b, name + ", nothing", Place.APART, t -> new double[0]);
    if (everywhere(f)) {
      add(cases, f, a, b, name + ", far out", Place.APART, t -> t.uniform(207, -30, 30));
    }
    if (f == Unary.POW && a == Math.rint(a)) {
      add(cases, f, a, b, name + ", whole power of x < 0", Place.ON_X, t -> t.uniform(64, -3, -.2));
    }
    if (f == Unary.RELU || f == Unary.EXP || f == Unary.GELU) {
      add(cases, f, a, b, name + ", many", Place.APART, t -> inDomain(t, f, a, b, MANY));
    }
    cases.add(
        new ContractCase(
            "unary", name + ", special", t -> value(t, f, a, b, cycle(special(f)), false)));
    if (f == Unary.SIN || f == Unary.COS) {
      add(cases, f, a, b, name + ", many turns", Place.APART, UnaryContract::farOut);
    }
  }

  /** Arguments of a case. */
  private interface Drawn {
    double[] from(ContractBench t);
  }

  private static void add(
      List<ContractCase> cases, Unary f, double a, double b, String name, Place place, Drawn x) {
    boolean onX = place == Place.ON_X || place == Place.ON_DY;
    cases.add(
        new ContractCase(
            "unary", name + (onX ? ", in place" : ""), t -> value(t, f, a, b, x.from(t), onX)));
    cases.add(
        new ContractCase(
            "unaryGrad", name + ", " + place, t -> slope(t, f, a, b, x.from(t), place)));
  }

  /** Arguments from where the function is at home, its kinks first. */
  private static double[] inDomain(ContractBench t, Unary f, double a, double b, int n) {
    double[] x = t.uniform(n, f.low(), f.high());
    double[] kinks = f.kinks(a, b);
    for (int i = 0; i < Math.min(n - 1, kinks.length); i++) {
      x[i] = Double.isFinite(kinks[i]) ? kinks[i] : x[i];
    }
    return x;
  }

  /** Arguments of all sizes, most of them far beyond a turn. */
  private static double[] farOut(ContractBench t) {
    double[] x = t.uniform(391, -4, 4);
    Arrays.setAll(x, i -> (float) (x[i] * Math.pow(10, i % 38)));
    return x;
  }

  /** So many of {@code some} that each comes to all parts of a block. */
  private static double[] cycle(double... some) {
    double[] x = new double[391];
    Arrays.setAll(x, i -> some[i % some.length]);
    return x;
  }

  /** Whether the function has a finite value everywhere. */
  private static boolean everywhere(Unary f) {
    return f.low() == -4 && f.high() == 4;
  }

  /** NaN stays NaN, limits are reached, and what has no value is NaN. */
  private static double[] special(Unary f) {
    double inf = Double.POSITIVE_INFINITY;
    return switch (f) {
      case SQRT, LOG ->
          new double[] {Double.NaN, 0, (float) 1e-30, 100, Float.MAX_VALUE, inf, -1, -inf};
      case RSQRT -> new double[] {Double.NaN, 0, (float) 1e-30, 100, inf, -1};
      case LOG1P ->
          new double[] {
            Double.NaN,
            0,
            (float) 1e-30,
            100,
            Float.MAX_VALUE,
            inf,
            -1,
            -0x1.000002p0,
            -0x1.fffffep-1,
            -2
          };
      case RECIPROCAL -> new double[] {Double.NaN, 0, (float) 1e-30, 100, inf, -inf};
      case ACOS -> new double[] {Double.NaN, 0, (float) 1e-30, 1, -1, 2, -2};
      case POW -> new double[] {Double.NaN, 1, 100, Float.MAX_VALUE, inf};
      case SIN, COS -> new double[] {Double.NaN, 0, (float) 1e-30, inf, -inf};
      case GELU, GELU_TANH, SILU, HARDSWISH -> // at −∞ they are −∞·0
          new double[] {Double.NaN, 0, (float) 1e-30, 100, -100, inf};
      default -> new double[] {Double.NaN, 0, (float) 1e-30, 100, -100, inf, -inf};
    };
  }

  private static void value(
      ContractBench t, Unary f, double a, double b, double[] x, boolean inPlace) {
    Buffer in = t.in(x);
    Buffer y = inPlace ? in : t.out(x.length);
    t.backend().unary(f, a, b, in, y);
    t.check("y", y, valueBound(f, a, b, x));
  }

  private static Bound valueBound(Unary f, double a, double b, double[] x) {
    if (f == Unary.NEG || f == Unary.ABS || f == Unary.RELU || f == Unary.RELU6) {
      return Bound.EXACT;
    }
    if (f == Unary.CLAMP) {
      return Bound.EXACT;
    }
    double[] magnitude = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double y = f.value(x[i], a, b);
      double tilt = x[i] * f.slope(x[i], y, a, b);
      if (f == Unary.SIN || f == Unary.COS) {
        tilt = Math.min(Math.abs(tilt), 1); // whole turns are taken off exactly
      }
      double added =
          switch (f) {
            case GELU, GELU_TANH, HARDSIGMOID, HARDSWISH -> Math.abs(x[i]); // x·(1 + erf), x/6 + ½
            case POW -> Math.abs(y * a * Math.log(Math.abs(x[i]))); // e^(a·ln x)
            default -> 0;
          };
      magnitude[i] = finite(y) + finite(tilt) + finite(added);
    }
    return Bound.of(ROUNDINGS, magnitude);
  }

  private static double finite(double x) {
    return Double.isFinite(x) ? Math.abs(x) : 0;
  }

  private static void slope(ContractBench t, Unary f, double a, double b, double[] x, Place place) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> (float) f.value(x[i], a, b));
    double[] dy = t.normal(x.length);
    Buffer inX = t.in(x);
    Buffer inY = t.in(y);
    Buffer inDy = t.in(dy);
    Buffer dx =
        switch (place) {
          case APART -> t.out(x.length);
          case ON_X -> inX;
          case ON_Y -> inY;
          case ON_DY -> inDy;
        };
    t.backend().unaryGrad(f, a, b, inX, inY, inDy, dx);
    double[] magnitude = new double[x.length];
    Arrays.setAll(magnitude, i -> dy[i] * slopeMagnitude(f, a, x[i], f.slope(x[i], y[i], a, b)));
    t.check("dx", dx, Bound.of(ROUNDINGS, magnitude));
  }

  /** What is rounded where slope s at x is computed: s, and the terms that cancel in it. */
  private static double slopeMagnitude(Unary f, double a, double x, double s) {
    double slope = Math.abs(s);
    return slope
        + switch (f) {
          case SIN, COS -> Math.min(Math.abs(x), 1); // the argument's rounding, within one turn
          case TANH, GELU, HARDSWISH -> 1; // 1 − y², Φ(x), x/3 + ½
          case SILU, GELU_TANH -> 1 + x * x; // 1 − σ and 1 − tanh², times x and x³
          case ERF -> slope * x * x; // e^(−x²)
          case ACOS -> slope * slope * slope; // 1 − x² under the root
          case SOFTPLUS -> slope * Math.abs(a * x);
          case POW -> x == 0 ? 0 : slope * Math.abs((a - 1) * Math.log(Math.abs(x)));
          default -> 0;
        };
  }
}
