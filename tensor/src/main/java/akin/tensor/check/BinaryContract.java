package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import java.util.Arrays;
import java.util.List;

/** Cases for functions of two arguments, stretched over each other in every pattern. */
final class BinaryContract {
  private static final long[][][] SHAPES = {
    {{7}, {7}},
    {{702}, {702}},
    {{}, {}},
    {{}, {5}},
    {{64}, {1}},
    {{13, 7}, {7}},
    {{13, 7}, {13, 1}},
    {{13, 1}, {1, 7}},
    {{207, 64}, {64}},
    {{64, 207}, {64, 1}},
    {{3, 8, 13}, {8, 1}},
    {{1, 64, 1, 1}, {3, 64, 5, 5}},
    {{2, 3, 4, 5}, {3, 1, 5}},
    {{2, 1, 4, 1}, {1, 3, 1, 5}},
    {{2, 3, 1, 5, 1}, {1, 1, 4, 1, 6}},
    {{3, 1}, {3, 702}},
    {{0}, {1}},
    {{3, 0}, {3, 1}},
    {{391}, {391}},
    {{3, 130}, {3, 1}},
  };

  /** Stretched over more elements than one chunk holds. */
  private static final long[][][] MANY = {
    {{BackendContract.MANY}, {BackendContract.MANY}},
    {{300, 257}, {257}},
    {{257, 300}, {257, 1}},
    {{5, 3, 4099}, {3, 1}},
  };

  private BinaryContract() {}

  static void addTo(List<ContractCase> cases) {
    for (Binary f : Binary.values()) {
      for (long[][] s : SHAPES) {
        add(cases, f, Shape.of(s[0]), Shape.of(s[1]));
      }
      if (f == Binary.MUL || f == Binary.POW) {
        for (long[][] s : MANY) {
          add(cases, f, Shape.of(s[0]), Shape.of(s[1]));
        }
      }
      cases.add(new ContractCase("binary", f + ", NaN on either side", t -> notANumber(t, f)));
    }
    farPowers(cases);
  }

  private static void add(List<ContractCase> cases, Binary f, Shape a, Shape b) {
    Broadcast s = Broadcast.of(a, b);
    String name = f + " " + a + ", " + b;
    cases.add(new ContractCase("binary", name, t -> value(t, f, s, draw(t, f, a, b), Place.APART)));
    if (s.plain()) {
      cases.add(
          new ContractCase(
              "binary", name + " onto a", t -> value(t, f, s, draw(t, f, a, b), Place.ON_A)));
      cases.add(
          new ContractCase(
              "binary", name + " onto b", t -> value(t, f, s, draw(t, f, a, b), Place.ON_B)));
    }
    cases.add(
        new ContractCase(
            "binaryGrad", name + " for a", t -> slope(t, f, true, s, draw(t, f, a, b))));
    cases.add(
        new ContractCase(
            "binaryGrad", name + " for b", t -> slope(t, f, false, s, draw(t, f, a, b))));
  }

  /** Powers of the largest number and of infinity, as they come to all parts of a block. */
  private static void farPowers(List<ContractCase> cases) {
    Shape whole = Shape.of(3, 130);
    for (Shape shapeB : new Shape[] {whole, Shape.of(3, 1)}) {
      Broadcast s = Broadcast.of(whole, shapeB);
      String name = "POW of the largest " + whole + ", " + shapeB;
      Drawn drawn =
          t -> {
            double[] a = t.uniform(whole.count(), 0.2, 3);
            double[] b = t.uniform(shapeB.count(), 0.3, 0.9);
            Arrays.setAll(b, i -> (i + 1) % 4 < 2 ? b[i] : -b[i]);
            for (int i = 0; i < a.length; i += 3) {
              a[i] = i % 2 == 0 ? Float.MAX_VALUE : Double.POSITIVE_INFINITY;
            }
            return new double[][] {a, b};
          };
      cases.add(
          new ContractCase(
              "binary", name, t -> value(t, Binary.POW, s, drawn.from(t), Place.APART)));
      for (boolean first : new boolean[] {true, false}) {
        cases.add(
            new ContractCase(
                "binaryGrad",
                name + " for " + (first ? "a" : "b"),
                t -> slope(t, Binary.POW, first, s, drawn.from(t))));
      }
    }
  }

  /** Operands a and b. */
  private interface Drawn {
    double[][] from(ContractBench t);
  }

  private enum Place {
    APART,
    ON_A,
    ON_B
  }

  private static double[][] draw(ContractBench t, Binary f, Shape a, Shape b) {
    return new double[][] {draw(t, f, true, a), draw(t, f, false, b)};
  }

  /** Operands from where the function is at home; whole numbers where ties matter. */
  private static double[] draw(ContractBench t, Binary f, boolean first, Shape shape) {
    return switch (f) {
      case MAX, MIN, EQUAL, GREATER -> t.whole(shape.count(), -2, 3);
      case POW -> first ? t.uniform(shape.count(), 0.2, 3) : t.uniform(shape.count(), -2, 2.5);
      case DIV -> first ? t.normal(shape.count()) : t.uniform(shape.count(), -3, -0.2);
      default -> t.normal(shape.count());
    };
  }

  private static void value(
      ContractBench t, Binary f, Broadcast s, double[][] operands, Place place) {
    double[] a = operands[0];
    double[] b = operands[1];
    Buffer inA = t.in(a);
    Buffer inB = t.in(b);
    Buffer y =
        switch (place) {
          case APART -> t.out(s.count());
          case ON_A -> inA;
          case ON_B -> inB;
        };
    t.backend().binary(f, inA, inB, y, s);
    double[] at = stretch(a, s, s.strideA());
    double[] bt = stretch(b, s, s.strideB());
    double[] magnitude = new double[at.length];
    Arrays.setAll(magnitude, i -> f.value(at[i], bt[i]) * conditioning(f, at[i], bt[i]));
    t.check("y", y, Bound.of(roundings(f), magnitude));
  }

  private static void slope(
      ContractBench t, Binary f, boolean first, Broadcast s, double[][] operands) {
    double[] a = operands[0];
    double[] b = operands[1];
    double[] at = stretch(a, s, s.strideA());
    double[] bt = stretch(b, s, s.strideB());
    double[] y = new double[at.length];
    Arrays.setAll(y, i -> (float) f.value(at[i], bt[i]));
    double[] dy = t.normal(s.count());
    Buffer g = t.out(s.count());
    t.backend().binaryGrad(f, first, t.in(a), t.in(b), t.in(y), t.in(dy), g, s);
    double[] magnitude = new double[at.length];
    Arrays.setAll(
        magnitude,
        i -> {
          double slope = first ? f.slopeA(at[i], bt[i], y[i]) : f.slopeB(at[i], bt[i], y[i]);
          return dy[i] * slope * conditioning(f, at[i], bt[i]);
        });
    t.check("g", g, Bound.of(roundings(f) + 1, magnitude)); // and the product with dy
  }

  /** Roundings of one value or slope: a division may be off by two units in the last place. */
  private static double roundings(Binary f) {
    return switch (f) {
      case MAX, MIN, EQUAL, GREATER -> 0;
      case ADD, SUB, MUL -> 1;
      case DIV -> 8;
      case POW -> 16;
    };
  }

  /** By how much rounding inside of aᵇ = e^(b·ln a) is magnified. */
  private static double conditioning(Binary f, double a, double b) {
    return f == Binary.POW ? 1 + (Math.abs(b) + 1) * Math.abs(Math.log(a)) : 1;
  }

  /** Operand x as it lies over the common shape. */
  private static double[] stretch(double[] x, Broadcast s, long[] stride) {
    double[] y = new double[Math.toIntExact(s.count())];
    for (int i = 0; i < y.length; i++) {
      long rest = i;
      long at = 0;
      for (int axis = stride.length - 1; axis >= 0; axis--) {
        at += rest % s.sizes()[axis] * stride[axis];
        rest /= s.sizes()[axis];
      }
      y[i] = x[(int) at];
    }
    return y;
  }

  private static void notANumber(ContractBench t, Binary f) {
    Buffer a = t.in(Double.NaN, 2, Double.NaN, Double.POSITIVE_INFINITY, 0);
    Buffer b = t.in(2, Double.NaN, Double.NaN, 2, Double.NEGATIVE_INFINITY);
    Buffer y = t.out(5);
    t.backend().binary(f, a, b, y, Broadcast.of(Shape.of(5), Shape.of(5)));
    t.check("y", y, Bound.EXACT);
  }
}
