package akin.tensor.cpu;

import static akin.tensor.cpu.Case.abs;
import static akin.tensor.cpu.Case.normal;
import static akin.tensor.cpu.Case.uniform;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Noise;
import akin.tensor.backend.Reduction;
import akin.tensor.backend.Searcher;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Update;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cases of elementwise functions, reductions, moves, optimisers, noise and search. */
final class ElementCases {
  private static final int[] LENGTHS = {0, 1, 3, 7, 8, 13, 64, 207};

  private final List<Case> cases = new ArrayList<>();

  private ElementCases() {}

  static List<Case> all() {
    ElementCases all = new ElementCases();
    for (int n : LENGTHS) {
      for (Unary f : Unary.values()) {
        all.unary(f, n);
      }
      all.affine(n);
    }
    all.manyChunks();
    for (Binary f : Binary.values()) {
      all.binary(f, Shape.of(207), Shape.of(207));
      all.binary(f, Shape.of(13, 7), Shape.of(1, 7));
      all.binary(f, Shape.of(3, 1), Shape.of(3, 64));
      all.binary(f, Shape.of(3, 8, 7), Shape.of(1, 8, 1));
      all.binary(f, Shape.of(5, 1, 3, 1), Shape.of(1, 4, 1, 6));
      all.binary(f, Shape.of(1), Shape.of(8));
      all.binary(f, Shape.of(0, 3), Shape.of(1, 3));
      all.binary(f, Shape.of(70, 70), Shape.of(70, 1));
    }
    for (int[] s :
        new int[][] {
          {1, 1, 1},
          {3, 7, 1},
          {7, 13, 8},
          {13, 1, 64},
          {1, 207, 3},
          {2, 3000, 1},
          {1, 40, 600},
          {3, 0, 2},
          {0, 3, 2},
          {1, 70_000, 1},
          {1, 300, 130}
        }) {
      for (Reduction r : Reduction.values()) {
        all.reduce(r, s[0], s[1], s[2]);
      }
    }
    all.moves();
    for (Update.Rule rule : Update.Rule.values()) {
      all.update(rule, 1);
      all.update(rule, 3);
    }
    for (Noise noise : Noise.values()) {
      all.random(noise);
    }
    for (Distance f : Distance.values()) {
      all.search(f);
    }
    return all.cases;
  }

  private static double parameterA(Unary f) {
    return f == Unary.POW ? 2.5 : f == Unary.CLAMP ? -0.5 : f == Unary.SOFTPLUS ? 1.5 : 0.25;
  }

  private static double parameterB(Unary f) {
    return f == Unary.SOFTPLUS ? 2 : 0.75;
  }

  private void unary(Unary f, int n) {
    String name = f + " " + n;
    float[] x = uniform(name, n, f.low(), f.high());
    float[] dy = normal(name + "dy", n);
    double a = parameterA(f);
    double b = parameterB(f);
    Case.Run run =
        lab -> {
          Buffer in = lab.in(x);
          Buffer y = lab.out(n);
          Buffer dx = lab.out(n);
          lab.backend.unary(f, a, b, in, y);
          lab.backend.unaryGrad(f, a, b, in, y, lab.in(dy), dx);
          lab.backend.unary(f, a, b, in, in); // onto its own input
          return lab.get(y, dx, in);
        };
    cases.add(
        new Case(
            name,
            run,
            lab -> {
              double[][] y = run.on(lab);
              double[] values = abs(y[0]);
              double[] slopes = abs(y[1]);
              for (int i = 0; i < n; i++) {
                slopes[i] += Math.abs(dy[i]); // parts of a slope, such as 1 − y², may cancel
                values[i] = valueTerms(f, x[i], values[i]);
              }
              return new double[][] {values, slopes, values};
            },
            8));
  }

  /** |y|, or more where parts of it cancel or a rounded argument is multiplied by a slope. */
  private static double valueTerms(Unary f, double x, double y) {
    return switch (f) {
      case HARDSIGMOID -> Math.abs(x) / 6 + 0.5;
      case HARDSWISH -> Math.abs(x) * (Math.abs(x) / 6 + 0.5);
      case GELU_TANH -> y * (1 + 1.6 * Math.abs(x + 0.044715 * x * x * x)); // |d ln y/d ln u| ≤ |u|
      default -> y;
    };
  }

  private void affine(int n) {
    float[] x = normal("affine" + n, n);
    cases.add(
        new Case(
            "affine " + n,
            lab -> {
              Buffer in = lab.in(x);
              lab.backend.affine(0.5, in, -0.25, in);
              return lab.get(in);
            },
            lab -> new double[][] {Check.constant(n, 4)},
            1));
  }

  /** Lengths that are cut into chunks. */
  private void manyChunks() {
    int n = 3 * Elements.GRAIN + 5;
    float[] x = normal("long", n);
    cases.add(
        new Case(
            "long",
            lab -> {
              Buffer in = lab.in(x);
              Buffer y = lab.out(n);
              lab.backend.unary(Unary.GELU, 0, 0, in, y);
              Shape shape = Shape.of(n);
              lab.backend.binary(Binary.ADD, in, y, in, Broadcast.of(shape, shape));
              return lab.get(in);
            },
            lab -> new double[][] {abs(lab.get(lab.in(x))[0])},
            12));
  }

  private void binary(Binary f, Shape a, Shape b) {
    String name = f + " " + a + " " + b;
    Broadcast s = Broadcast.of(a, b);
    int n = (int) s.count();
    float[] x = uniform(name + "a", (int) a.count(), 0.5, 2);
    float[] z = uniform(name + "b", (int) b.count(), 0.5, 2);
    if (n > 0) {
      z[0] = x[0]; // a tie
    }
    float[] dy = normal(name + "dy", n);
    cases.add(
        new Case(
            name,
            lab -> {
              Buffer bx = lab.in(x);
              Buffer bz = lab.in(z);
              Buffer bdy = lab.in(dy);
              Buffer[] out = {lab.out(n), lab.out(n), lab.out(n)};
              lab.backend.binary(f, bx, bz, out[0], s);
              lab.backend.binaryGrad(f, true, bx, bz, out[0], bdy, out[1], s);
              lab.backend.binaryGrad(f, false, bx, bz, out[0], bdy, out[2], s);
              return lab.get(out);
            },
            lab -> new double[][] {Check.constant(n, 4), scaled(dy, 8), scaled(dy, 8)},
            4));
  }

  private static double[] scaled(float[] x, double factor) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = factor * Math.abs(x[i]);
    }
    return y;
  }

  private void reduce(Reduction r, int outer, int axis, int inner) {
    boolean sum = r == Reduction.SUM || r == Reduction.MEAN;
    if (!sum && axis == 0) {
      return;
    }
    String name = r + " " + outer + "×" + axis + "×" + inner;
    float[] x = normal(name, outer * axis * inner);
    if (!sum && x.length > 20) {
      x[17] = Float.NaN;
    }
    Case.Run run = lab -> reduce(lab, r, x, outer, axis, inner);
    // at most 2048/8 additions in one of eight lanes, then a tree of lanes and a tail of 15
    cases.add(
        new Case(
            name,
            run,
            sum ? lab -> reduce(lab, r, abs(x), outer, axis, inner) : null,
            sum ? Math.min(axis, 2048 / 8 + 3 + 15) + 1 : 0));
  }

  private static double[][] reduce(
      Case.Lab lab, Reduction r, float[] x, int outer, int axis, int inner) {
    Buffer y = lab.out((long) outer * inner);
    lab.backend.reduce(r, lab.in(x), y, outer, axis, inner);
    return lab.get(y);
  }

  private void moves() {
    float[] x = normal("moves", 2 * 3 * 33 * 35);
    long[][] sizes = {{2, 3, 33, 35}, {6, 1155}, {6930}, {1, 6930, 1}, {33, 35, 6}};
    int[][] orders = {
      {0, 1, 2, 3},
      {0, 2, 3, 1},
      {3, 2, 1, 0},
      {1, 0, 2, 3},
      {0, 1, 3, 2},
      {2, 0, 3, 1},
      {1, 0},
      {0},
      {2, 1, 0},
      {1, 2, 0},
      {2, 0, 1}
    };
    for (long[] size : sizes) {
      for (int[] order : orders) {
        if (order.length == size.length) {
          cases.add(
              new Case(
                  "permute " + Arrays.toString(size) + " " + Arrays.toString(order),
                  lab -> {
                    Buffer y = lab.out(x.length);
                    lab.backend.permute(lab.in(x), y, size, order);
                    return lab.get(y);
                  },
                  null,
                  0));
        }
      }
    }
    int[] rows = {4, 0, 65, 4, 4, 13};
    for (int width : new int[] {1, 7, 105}) {
      float[] given = normal("given", rows.length * width);
      cases.add(
          new Case(
              "rows of " + width,
              lab -> {
                Buffer y = lab.out((long) rows.length * width);
                Buffer z = lab.out(66L * width);
                lab.backend.gatherRows(lab.in(x), rows, y, width);
                lab.backend.scatterAddRows(lab.in(given), rows, z, 66, width);
                return lab.get(y, z);
              },
              lab -> {
                Buffer z = lab.out(66L * width);
                lab.backend.scatterAddRows(lab.in(abs(given)), rows, z, 66, width);
                return new double[][] {new double[rows.length * width], lab.get(z)[0]};
              },
              3));
    }
    cases.add(
        new Case(
            "copy2d",
            lab -> {
              Buffer y = lab.in(normal("y", 100));
              lab.backend.copy2d(lab.in(x), 5, 13, y, 2, 9, 7, 8);
              return lab.get(y);
            },
            null,
            0));
    for (int k : new int[] {1, 3, 13, 64}) {
      for (boolean largest : new boolean[] {true, false}) {
        cases.add(new Case("topK " + k + " " + largest, lab -> topK(lab, k, largest), null, 0));
      }
    }
  }

  private static double[][] topK(Case.Lab lab, int k, boolean largest) {
    float[] x = normal("topK", 7 * 64);
    for (int i = 0; i < x.length; i += 2) {
      x[i] = Math.round(x[i]); // ties, and zeros of both signs
    }
    x[5] = Float.NaN;
    x[9] = Float.NaN;
    x[10] = Float.POSITIVE_INFINITY;
    int[] index = new int[7 * k];
    lab.backend.topK(lab.in(x), 7, 64, k, largest, index);
    return new double[][] {Arrays.stream(index).asDoubleStream().toArray()};
  }

  private void update(Update.Rule rule, long step) {
    int n = 207;
    float[] p = normal("p", n);
    float[] g = normal("g", n);
    float[] m = step == 1 && rule != Update.Rule.SGD ? new float[n] : normal("m", n);
    float[] v = step == 1 && rule != Update.Rule.SGD ? new float[n] : uniform("v", n, 0, 2);
    List<Update> updates = new ArrayList<>();
    if (rule == Update.Rule.SGD) {
      updates.add(Update.sgd(0.1, 0, 0, false, 0.01, step));
      updates.add(Update.sgd(0.1, 0.9, 0.1, false, 0.01, step));
      updates.add(Update.sgd(0.1, 0.9, 0, true, 0, step));
    } else {
      updates.add(Update.adam(rule, 0.01, 0.9, 0.999, 1e-8, 0.1, step));
    }
    for (Update u : updates) {
      cases.add(
          new Case(
              u.toString(),
              lab -> {
                Buffer bp = lab.in(p);
                Buffer bm = lab.in(m);
                Buffer bv = lab.in(v);
                boolean sgd = rule == Update.Rule.SGD;
                lab.backend.update(
                    u, bp, lab.in(g), u.momentum() == 0 && sgd ? null : bm, sgd ? null : bv);
                return lab.get(bp, bm, bv);
              },
              lab ->
                  new double[][] {
                    Check.constant(n, 8), Check.constant(n, 8), Check.constant(n, 16)
                  },
              8));
    }
  }

  private void random(Noise noise) {
    RandomStream stream = RandomStream.of(3, "noise");
    double a = noise == Noise.MASK ? 0.25 : 0.5;
    cases.add(
        new Case(
            noise.toString(),
            lab -> {
              Buffer y = lab.out(10_000);
              lab.backend.random(noise, stream, a, 2, y);
              return lab.get(y);
            },
            null,
            1)); // rounded once
  }

  private void search(Distance f) {
    int n = 207;
    int d = 13;
    int k = 9;
    int count = 37;
    float[] gallery = normal("gallery", n * d);
    for (int i = 0; i < gallery.length; i++) {
      gallery[i] = Math.round(4 * gallery[i]); // whole numbers: sums are exact, ties are ties
    }
    System.arraycopy(gallery, 0, gallery, 50 * d, d);
    float[] queries = Arrays.copyOf(gallery, count * d);
    gallery[60 * d] = Float.NaN;
    cases.add(
        new Case(
            "search " + f,
            lab -> {
              int[] rows = new int[count * k];
              float[] distances = new float[count * k];
              Searcher.Filter filter = (q, row) -> q % 3 != 0 || row % 30 == 1;
              try (Searcher searcher = lab.backend.searcher(gallery, n, d, f)) {
                searcher.topK(queries, count, k, filter, rows, distances);
              }
              double[] far = new double[count * k];
              for (int i = 0; i < far.length; i++) {
                far[i] = distances[i];
              }
              // the rows of a cosine depend on how near-ties round, so only distances are compared
              double[] which = Arrays.stream(rows).asDoubleStream().toArray();
              return f == Distance.COSINE ? new double[][] {far} : new double[][] {far, which};
            },
            f == Distance.COSINE
                ? lab -> new double[][] {Check.constant(count * k, 2)}
                : lab -> new double[][] {Check.constant(count * k, 64), new double[count * k]},
            f == Distance.EUCLIDEAN ? 1 : f == Distance.COSINE ? d + 4 : 0));
  }
}
