package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Unary;
import akin.tensor.op.Affine;
import akin.tensor.op.BinaryOp;
import akin.tensor.op.Dropout;
import akin.tensor.op.UnaryOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cases of what works element by element. */
final class ElementCases {
  /** A library function, its derivative and a product or two. */
  private static final int ROUNDINGS = 4;

  private ElementCases() {}

  static List<CaseGenerator> all() {
    List<CaseGenerator> all = new ArrayList<>();
    for (Unary f : Unary.values()) {
      String name = f.name().toLowerCase(Locale.ROOT);
      all.add(CaseGenerator.operator(name, UnaryOp.class, draw -> unary(f, draw)));
      if (f.kinks(0, 1).length > 0) {
        String atKink = name + " at its kink";
        all.add(CaseGenerator.operator(atKink, UnaryOp.class, draw -> unaryAtKink(f, draw)));
      }
    }
    for (Binary f : Binary.values()) {
      String name = f.name().toLowerCase(Locale.ROOT) + " of two";
      all.add(CaseGenerator.operator(name, BinaryOp.class, draw -> binary(f, draw)));
      if (f != Binary.EQUAL && f != Binary.GREATER) {
        String self = name + ", with itself";
        all.add(CaseGenerator.operator(self, BinaryOp.class, draw -> withItself(f, draw)));
      }
    }
    for (Binary f : List.of(Binary.MAX, Binary.MIN)) {
      String name = f.name().toLowerCase(Locale.ROOT) + " of two, tied";
      all.add(CaseGenerator.operator(name, BinaryOp.class, draw -> tied(f, draw)));
    }
    all.add(CaseGenerator.operator("affine", Affine.class, ElementCases::affine));
    all.add(CaseGenerator.operator("dropout", Dropout.class, ElementCases::dropout));
    return all;
  }

  private static UnaryOp with(Unary f, Draw draw) {
    return switch (f) {
      case POW -> new UnaryOp(f, draw.pick(List.of(-2.0, -1.0, 0.0, 0.5, 1.0, 1.7, 2.0, 3.0)), 0);
      case SOFTPLUS -> new UnaryOp(f, draw.pick(List.of(0.5, 1.0, 3.0)), 20);
      case LEAKY_RELU -> new UnaryOp(f, draw.real(0.01, 0.6), 0);
      case CLAMP -> new UnaryOp(f, draw.real(-3, -0.5), draw.real(0.5, 3));
      default -> new UnaryOp(f, 0, 0);
    };
  }

  private static GradientCase unary(Unary f, Draw draw) {
    UnaryOp op = with(f, draw);
    Input x = draw.input(draw.shape(draw.below(4)), f.low(), f.high());
    boolean oddDomain = f == Unary.RECIPROCAL || f == Unary.POW && op.a() == Math.rint(op.a());
    if (oddDomain && draw.coin()) {
      x = x.with(java.util.Arrays.stream(x.values()).map(value -> -value).toArray());
    }
    return GradientCase.of(op, x)
        .chained(ROUNDINGS)
        .awayFrom(v -> Distant.from(f.kinks(op.a(), op.b()), v[0]));
  }

  private static GradientCase unaryAtKink(Unary f, Draw draw) {
    UnaryOp op = with(f, draw);
    double[] kinks = f.kinks(op.a(), op.b());
    double[] x = draw.reals(draw.extent(), f.low(), f.high());
    for (int i = 0; i < x.length; i += 2) {
      x[i] = kinks[draw.below(kinks.length)];
    }
    return GradientCase.of(op, Input.of(Shape.of(x.length), x)).chained(ROUNDINGS).atKink();
  }

  /** Two shapes that stretch over a common one: some axes are 1 or missing in front. */
  private static GradientCase binary(Binary f, Draw draw) {
    Shape common = draw.shape(draw.below(4));
    Input a = operand(f, true, stretched(common, draw), draw);
    Input b = operand(f, false, stretched(common, draw), draw);
    if (f == Binary.POW && draw.coin()) { // negative bases have whole powers only
      a = draw.input(a.shape(), -2, -0.2);
      b = b.with(draw.reals(b.values().length, -3, 4)).constant();
      b = b.with(java.util.Arrays.stream(b.values()).map(Math::rint).toArray());
    } else if (draw.below(4) == 0) {
      if (draw.coin()) {
        a = a.constant();
      } else {
        b = b.constant();
      }
    }
    boolean ties = List.of(Binary.MAX, Binary.MIN, Binary.EQUAL, Binary.GREATER).contains(f);
    Broadcast s = Broadcast.of(a.shape(), b.shape());
    return GradientCase.of(new BinaryOp(f), a, b)
        .chained(ROUNDINGS + (int) s.count())
        .awayFrom(v -> ties ? leastDifference(s, v[0], v[1]) : Double.POSITIVE_INFINITY);
  }

  private static GradientCase withItself(Binary f, Draw draw) {
    BinaryOp op = new BinaryOp(f);
    return GradientCase.of(
            op.name() + "(x, x)",
            in -> Tensor.apply(op, in[0], in[0]),
            operand(f, true, draw.shape(draw.below(4)), draw))
        .chained(ROUNDINGS);
  }

  private static GradientCase tied(Binary f, Draw draw) {
    Input a = draw.input(Shape.of(draw.extent()));
    double[] b = a.values().clone();
    for (int i = 1; i < b.length; i += 2) {
      b[i] += 1;
    }
    return GradientCase.of(new BinaryOp(f), a, a.with(b)).chained(ROUNDINGS).atKink();
  }

  private static Input operand(Binary f, boolean first, Shape shape, Draw draw) {
    if (f == Binary.POW && first) {
      return draw.input(shape, 0.2, 3);
    }
    Input x = draw.input(shape);
    if (f == Binary.DIV) { // away from 0, on either side
      double[] values = x.values();
      java.util.Arrays.setAll(values, i -> values[i] + Math.copySign(0.4, values[i]));
    }
    return x;
  }

  private static Shape stretched(Shape common, Draw draw) {
    Shape shape = common;
    for (int axis = 0; axis < common.rank(); axis++) {
      if (draw.below(4) == 0) {
        shape = shape.with(axis, 1);
      }
    }
    while (shape.rank() > 0 && draw.below(5) == 0) {
      shape = shape.without(0);
    }
    return shape;
  }

  private static double leastDifference(Broadcast s, double[] a, double[] b) {
    double least = Double.POSITIVE_INFINITY;
    for (long i = 0; i < s.count(); i++) {
      long rest = i;
      int ia = 0;
      int ib = 0;
      for (int axis = s.sizes().length - 1; axis >= 0; axis--) {
        long at = rest % s.sizes()[axis];
        rest /= s.sizes()[axis];
        ia += (int) (at * s.strideA()[axis]);
        ib += (int) (at * s.strideB()[axis]);
      }
      least = Math.min(least, Math.abs(a[ia] - b[ib]));
    }
    return least;
  }

  private static GradientCase affine(Draw draw) {
    double alpha = draw.pick(List.of(1.0, -1.0, 0.0, draw.real(-3, 3)));
    return GradientCase.of(
            new Affine(alpha, draw.real(-3, 3)), draw.input(draw.shape(draw.below(4))))
        .chained(ROUNDINGS);
  }

  private static GradientCase dropout(Draw draw) {
    double p = draw.pick(List.of(0.0, 0.2, 0.5, 0.8));
    return GradientCase.of(
            new Dropout(p, draw.stream()), draw.input(draw.shape(draw.between(1, 3))))
        .chained(ROUNDINGS);
  }
}
