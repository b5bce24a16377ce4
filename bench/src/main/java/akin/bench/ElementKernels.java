package akin.bench;

import akin.nn.optim.Adam;
import akin.nn.optim.Rule;
import akin.nn.optim.Sgd;
import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import akin.tensor.backend.Unary;
import java.util.ArrayList;
import java.util.List;

/** What works element by element, sums, and an optimiser's step. */
final class ElementKernels {
  private static final Shape MAPS = Shape.of(8, 256, 28, 28);
  private static final double N = MAPS.count();
  private static final List<Unary> CURVES =
      List.of(
          Unary.RELU,
          Unary.RELU6,
          Unary.EXP,
          Unary.LOG,
          Unary.TANH,
          Unary.SIGMOID,
          Unary.SILU,
          Unary.GELU,
          Unary.GELU_TANH,
          Unary.ERF);

  private ElementKernels() {}

  static List<Kernel> all() {
    List<Kernel> all = new ArrayList<>();
    for (Unary f : CURVES) {
      unary(all, f);
    }
    binary(all, "add", MAPS, Binary.ADD);
    binary(all, "multiply", MAPS, Binary.MUL);
    binary(all, "add a number a channel", Shape.of(1, 256, 1, 1), Binary.ADD);
    binary(all, "add a row", Shape.of(1, 1, 1, 28), Binary.ADD);
    triplets(all);
    reduce(all, "sum of each row", 8 * 256, 28 * 28, 1);
    reduce(all, "sum of each column", 1, 8 * 256, 28 * 28);
    reduce(all, "sum of each row", 12 * 197, 197, 1);
    reduce(all, "sum of all", 1, 90_000, 1);
    update(all, "SGD with momentum", Sgd.of(0.01, 0.9), 4_000_000);
    update(all, "Adam", Adam.of(0.001), 4_000_000);
    update(all, "Adam", Adam.of(0.001), 90_000);
    return all;
  }

  private static void unary(List<Kernel> all, Unary f) {
    all.add(
        Kernel.moving(
            f + " " + MAPS,
            N,
            2 * N,
            o -> {
              Buffer x = o.normal(N);
              Buffer y = o.empty(N);
              return () -> o.backend().unary(f, 0, 0, x, y);
            }));
    all.add(
        Kernel.moving(
            f + " " + MAPS + " gradient",
            N,
            3 * N,
            o -> {
              Buffer x = o.normal(N);
              Buffer y = o.normal(N);
              Buffer dy = o.normal(N);
              Buffer dx = o.empty(N);
              return () -> o.backend().unaryGrad(f, 0, 0, x, y, dy, dx);
            }));
  }

  private static void binary(List<Kernel> all, String name, Shape second, Binary f) {
    all.add(
        Kernel.moving(
            name + " " + MAPS,
            N,
            2 * N + second.count(),
            o -> {
              Buffer a = o.normal(N);
              Buffer b = o.normal(second.count());
              Buffer y = o.empty(N);
              Broadcast s = Broadcast.of(MAPS, second);
              return () -> o.backend().binary(f, a, b, y, s);
            }));
  }

  /** What a loss over all triplets does: [A, P, 1] − [A, 1, M]. */
  private static void triplets(List<Kernel> all) {
    Shape near = Shape.of(128, 12, 1);
    Shape far = Shape.of(128, 1, 115);
    double n = 128 * 12 * 115;
    all.add(
        Kernel.moving(
            "subtract " + near + " − " + far,
            n,
            n + near.count() + far.count(),
            o -> {
              Buffer a = o.normal(near.count());
              Buffer b = o.normal(far.count());
              Buffer y = o.empty(n);
              Broadcast s = Broadcast.of(near, far);
              return () -> o.backend().binary(Binary.SUB, a, b, y, s);
            }));
  }

  private static void reduce(List<Kernel> all, String name, int outer, int axis, int inner) {
    double n = (double) outer * axis * inner;
    all.add(
        Kernel.moving(
            name + " [" + outer + "," + axis + "," + inner + "]",
            n,
            n,
            o -> {
              Buffer x = o.normal(n);
              Buffer y = o.empty((double) outer * inner);
              return () -> o.backend().reduce(Reduction.SUM, x, y, outer, axis, inner);
            }));
  }

  private static void update(List<Kernel> all, String name, Rule rule, int n) {
    int states = rule.states();
    all.add(
        Kernel.moving(
            name + " step, " + n + " weights",
            n,
            (3 + 2.0 * states) * n,
            o -> {
              Buffer p = o.normal(n);
              Buffer g = o.normal(n);
              Buffer m = o.ones(n);
              Buffer v = states > 1 ? o.ones(n) : null;
              return () -> o.backend().update(rule.update(1e-8, 2), p, g, m, v);
            }));
  }
}
