package akin.tensor.cpu;

import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Every function of one or two arguments at numbers that are not plain: NaN, infinities, zeros of
 * both signs, numbers below the smallest normal one, the largest. Each meets every lane of a vector
 * and every place of a tail.
 */
final class SpecialCases {
  /** So many, an odd number, that repeating them brings each to every lane. */
  private static final float[] NUMBERS = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    1e-40f,
    -1e-40f,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    1e-20f,
    -1e-20f,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    1e30f,
    -1e30f,
    1e15f,
    -1e15f,
    100f,
    -100f,
    88.8f,
    -88.8f,
    -103.5f,
    12f,
    -12f,
    6f,
    -3f,
    3f,
    1f,
    -1f,
    0.625f,
    -0.5f,
  };

  private static final int ROUNDS = 37;

  private static final double UNITS = 16;

  /** Longest tail, and one more. */
  private static final int TAIL = 17;

  private SpecialCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    float[] body = repeated(NUMBERS.length * ROUNDS);
    float[] tail = repeated(NUMBERS.length * TAIL);
    for (Unary f : Unary.values()) {
      double a = f == Unary.POW ? 3 : f == Unary.CLAMP ? -2 : f == Unary.SOFTPLUS ? 1 : 0.25;
      double b = f == Unary.SOFTPLUS ? 20 : 5;
      cases.add(unary(f, a, b, body, body.length));
      cases.add(unary(f, a, b, tail, TAIL));
    }
    for (Binary f : Binary.values()) {
      cases.add(pairs(f, NUMBERS.length * NUMBERS.length));
      cases.add(pairs(f, 1));
      cases.add(stretched(f));
    }
    return cases;
  }

  private static float[] repeated(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = NUMBERS[i % NUMBERS.length];
    }
    return x;
  }

  private static float[] ones(int n) {
    float[] x = new float[n];
    Arrays.fill(x, 1);
    return x;
  }

  /** Values and slopes of x, so many at a time. */
  private static Case unary(Unary f, double a, double b, float[] x, int together) {
    Case.Run run =
        lab -> {
          List<Buffer> results = new ArrayList<>();
          for (int from = 0; from < x.length; from += together) {
            float[] part = Arrays.copyOfRange(x, from, from + together);
            Buffer in = lab.in(part);
            Buffer y = lab.out(together);
            Buffer dx = lab.out(together);
            lab.backend.unary(f, a, b, in, y);
            Buffer rounded = lab.in(values(part, v -> f.value(v, a, b)));
            lab.backend.unaryGrad(f, a, b, in, rounded, lab.in(ones(together)), dx);
            results.add(y);
            results.add(dx);
          }
          return lab.get(results.toArray(Buffer[]::new));
        };
    return new Case(
        f + " of special numbers, " + together + " at a time",
        run,
        lab -> {
          double[][] terms = run.on(lab);
          for (int i = 0; i < x.length; i++) {
            double[] y = terms[i / together * 2];
            double[] slope = terms[i / together * 2 + 1];
            y[i % together] = Math.abs(y[i % together]) + flushed(f, x[i]);
            slope[i % together] = Math.abs(slope[i % together]) + 1; // parts may cancel: 1 − y²
          }
          return terms;
        },
        UNITS);
  }

  /** σ(x) may be flushed to 0 where it is not normal; it is multiplied with x. */
  private static double flushed(Unary f, float x) {
    return f == Unary.SILU ? Math.abs(x) * Float.MIN_NORMAL / (UNITS * 0x1p-24) : 0;
  }

  private static float[] values(float[] x, DoubleUnaryOperator f) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) f.applyAsDouble(x[i]);
    }
    return y;
  }

  /** Each number with each. */
  private static Case pairs(Binary f, int together) {
    int n = NUMBERS.length * NUMBERS.length;
    float[] a = repeated(n);
    float[] b = new float[n];
    for (int i = 0; i < n; i++) {
      b[i] = NUMBERS[i / NUMBERS.length];
    }
    Broadcast s = Broadcast.of(Shape.of(together), Shape.of(together));
    Case.Run run =
        lab -> {
          List<Buffer> results = new ArrayList<>();
          for (int from = 0; from < n; from += together) {
            float[] partA = Arrays.copyOfRange(a, from, from + together);
            float[] partB = Arrays.copyOfRange(b, from, from + together);
            results.addAll(results(lab, f, partA, partB, s));
          }
          return lab.get(results.toArray(Buffer[]::new));
        };
    return new Case(f + " of special pairs, " + together + " at a time", run, null, UNITS);
  }

  /** A column of numbers with rows of them. */
  private static Case stretched(Binary f) {
    Shape column = Shape.of(NUMBERS.length, 1);
    Shape row = Shape.of(NUMBERS.length * ROUNDS);
    Broadcast s = Broadcast.of(column, row);
    Case.Run run =
        lab -> {
          List<Buffer> results = results(lab, f, NUMBERS, repeated((int) row.count()), s);
          return lab.get(results.toArray(Buffer[]::new));
        };
    return new Case(f + " of a special column and row", run, null, UNITS);
  }

  private static List<Buffer> results(Case.Lab lab, Binary f, float[] a, float[] b, Broadcast s) {
    float[] values = new float[(int) s.count()];
    for (int i = 0; i < values.length; i++) {
      boolean plain = s.plain();
      values[i] = (float) f.value(a[plain ? i : i / b.length], b[i % b.length]);
    }
    Buffer inA = lab.in(a);
    Buffer inB = lab.in(b);
    Buffer y = lab.out(values.length);
    lab.backend.binary(f, inA, inB, y, s);
    Buffer rounded = lab.in(values);
    Buffer dy = lab.in(ones(values.length));
    Buffer da = lab.out(values.length);
    Buffer db = lab.out(values.length);
    lab.backend.binaryGrad(f, true, inA, inB, rounded, dy, da, s);
    lab.backend.binaryGrad(f, false, inA, inB, rounded, dy, db, s);
    return List.of(y, da, db);
  }
}
