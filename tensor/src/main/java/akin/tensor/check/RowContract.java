package akin.tensor.check;

import static akin.tensor.check.BackendContract.SIZES;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Cases for reductions, rearrangements, selection and softmax. */
final class RowContract {
  /** Sizes [outer, axis, inner]: each awkward size in each place. */
  private static final int[][] LINES = {
    {1, 1, 1},
    {1, 3, 1},
    {3, 7, 1},
    {7, 8, 1},
    {8, 13, 1},
    {13, 64, 1},
    {64, 207, 1},
    {5, 702, 1},
    {1, 207, 3},
    {3, 13, 7},
    {7, 64, 8},
    {2, 8, 13},
    {1, 7, 64},
    {3, 3, 207},
    {1, 13, 702},
    {702, 3, 1},
    {207, 1, 8},
    {1, 4099, 1},
    {0, 3, 2},
    {3, 2, 0},
    {1, 70_001, 1},
    {4099, 17, 1},
    {3, 33_000, 1},
    {2, 1031, 37},
    {1, 3, 70_001},
    {3, 1, 64},
    {2, 2000, 1},
  };

  private RowContract() {}

  static void addTo(List<ContractCase> cases) {
    for (Reduction r : Reduction.values()) {
      for (int[] s : LINES) {
        cases.add(new ContractCase("reduce", r + " " + Arrays.toString(s), t -> reduce(t, r, s)));
      }
      cases.add(new ContractCase("reduce", r + ", NaN and infinities", t -> reduceSpecial(t, r)));
      for (int[] s :
          new int[][] {
            {1, 45, 1},
            {45, 3, 1},
            {140, 70, 1},
            {391, 1, 1},
            {20, 3001, 1},
            {2, 40, 45},
            {700, 3, 5},
            {7, 1793, 1},
            {41, 1000, 1},
            {50, 30, 5}
          }) {
        String name = r + ", NaN in every other line " + Arrays.toString(s);
        cases.add(new ContractCase("reduce", name, t -> reduceToNan(t, r, s)));
      }
    }
    cases.add(new ContractCase("reduce", "SUM of none", t -> reduce(t, Reduction.SUM, 3, 0, 2)));
    cases.add(new ContractCase("reduce", "MEAN of none", t -> reduce(t, Reduction.MEAN, 3, 0, 2)));
    for (boolean log : new boolean[] {false, true}) {
      softmax(cases, log);
    }
    int[] many = {65_537, 3, 1}; // more than a card's grid has along its second axis
    cases.add(new ContractCase("softmax", "of many rows", t -> softmax(t, false, 3, many)));
    cases.add(new ContractCase("softmaxGrad", "of many rows", t -> softmaxGrad(t, false, many)));
    permutations(cases);
    gathers(cases);
    selections(cases);
    longSelections(cases);
  }

  private static void reduce(ContractBench t, Reduction r, int... s) {
    Buffer x = t.term(t.normal((long) s[0] * s[1] * s[2]));
    Buffer y = t.out((long) s[0] * s[2]);
    t.backend().reduce(r, x, y, s[0], s[1], s[2]);
    boolean sums = r == Reduction.SUM || r == Reduction.MEAN;
    t.check("y", y, sums ? Bound.ofTerms(s[1] + 1) : Bound.EXACT);
  }

  private static void reduceSpecial(ContractBench t, Reduction r) {
    double inf = Double.POSITIVE_INFINITY;
    double[][] rows = {
      {Double.NaN, 1, 2},
      {1, 2, Double.NaN},
      {inf, 1, 2},
      {-inf, 1, 2},
      {-inf, -inf, -inf},
      {inf, Double.NaN, -inf},
      {inf, inf, inf},
      {inf, -inf, 0}
    };
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    Buffer y = t.out(rows.length);
    t.backend().reduce(r, t.in(flat), y, rows.length, 3, 1);
    t.check("y", y, Bound.EXACT);
    double[] lines = t.whole(207 * 13, -9, 9); // many lines side by side, odd ones among them
    lines[100 * 13 + 5] = Double.NaN;
    lines[206 * 13 + 8] = inf;
    lines[12] = -inf;
    Buffer wide = t.out(13);
    t.backend().reduce(r, t.in(lines), wide, 1, 207, 13);
    t.check("wide", wide, r == Reduction.MEAN ? Bound.ofTerms(2) : Bound.EXACT);
  }

  /** Every other line has a NaN, in each at another place, and so comes to NaN. */
  private static void reduceToNan(ContractBench t, Reduction r, int... s) {
    double[] x = t.whole((long) s[0] * s[1] * s[2], -9, 9);
    for (int line = 1; line < s[0] * s[2]; line += 2) {
      int along = (int) ((long) line * s[1] / (s[0] * s[2]));
      x[(line / s[2] * s[1] + along) * s[2] + line % s[2]] = Double.NaN;
    }
    Buffer y = t.out((long) s[0] * s[2]);
    t.backend().reduce(r, t.in(x), y, s[0], s[1], s[2]);
    t.check("y", y, r == Reduction.MEAN ? Bound.ofTerms(2) : Bound.EXACT);
  }

  // ---- softmax ----

  private static void softmax(List<ContractCase> cases, boolean log) {
    String kind = log ? "log " : "";
    for (int[] s : LINES) {
      String name = kind + Arrays.toString(s);
      cases.add(new ContractCase("softmax", name, t -> softmax(t, log, 3, s)));
      cases.add(new ContractCase("softmaxGrad", name, t -> softmaxGrad(t, log, s)));
    }
    cases.add(
        new ContractCase(
            "softmax", kind + "of large numbers", t -> softmax(t, log, 300, 7, 13, 1)));
    cases.add(new ContractCase("softmax", kind + "of equals", t -> softmax(t, log, 0, 3, 64, 2)));
    cases.add(
        new ContractCase(
            "softmax",
            kind + "with −∞ and NaN",
            t -> {
              double inf = Double.POSITIVE_INFINITY;
              Buffer y = t.out(6);
              Buffer x = t.in(-inf, 0, -inf, 1, Double.NaN, 2);
              t.backend().softmax(log, x, y, 2, 3, 1);
              t.check("y", y, Bound.EXACT);
            }));
  }

  /**
   * e^(x − max) magnifies the rounding of its argument by |x − max| ≤ range; the sum has {@code
   * axis} positive terms; exponential, logarithm and quotient have four units each.
   */
  private static void softmax(ContractBench t, boolean log, double scale, int... s) {
    double[] x = t.normal((long) s[0] * s[1] * s[2]);
    Arrays.setAll(x, i -> (float) (x[i] * scale));
    double range = Arrays.stream(x).max().orElse(0) - Arrays.stream(x).min().orElse(0);
    Buffer y = t.out(x.length);
    t.backend().softmax(log, t.in(x), y, s[0], s[1], s[2]);
    t.check(
        "y",
        y,
        log
            ? Bound.of(s[1] + 24, 1 + range + Math.log(s[1]))
            : Bound.ofTerms(s[1] + 24 + 2 * range)); // no term is negative: relative to y
  }

  private static void softmaxGrad(ContractBench t, boolean log, int[] s) {
    double[] x = t.uniform((long) s[0] * s[1] * s[2], 0, 1);
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> (float) (log ? Math.log(x[i] / s[1]) : x[i] / s[1]));
    double[] dy = t.normal(x.length);
    double largest = Arrays.stream(dy).map(Math::abs).max().orElse(0);
    Buffer dx = t.out(x.length);
    t.backend().softmaxGrad(log, t.in(y), t.in(dy), dx, s[0], s[1], s[2]);
    // dy − Σ: axis terms of at most largest·e^y, where e^y ≤ 1/axis is off by 8 + |y| roundings
    double[] magnitude = new double[x.length];
    Arrays.setAll(magnitude, i -> log ? largest * (1 + x[i]) : y[i] * largest * 2);
    double depth = log ? Arrays.stream(y).map(Math::abs).max().orElse(0) : 0;
    t.check("dx", dx, Bound.of(s[1] + 12 + depth, magnitude));
  }

  // ---- rearrangements ----

  private static void permutations(List<ContractCase> cases) {
    permute(cases, new int[] {}, new int[] {});
    permute(cases, new int[] {702}, new int[] {0});
    permute(cases, new int[] {207, 64}, new int[] {1, 0});
    permute(cases, new int[] {13, 7}, new int[] {0, 1});
    for (int[] order : new int[][] {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
      permute(cases, new int[] {7, 8, 13}, order);
      permute(cases, new int[] {3, 1, 64}, order);
    }
    permute(cases, new int[] {2, 13, 7, 8}, new int[] {0, 2, 3, 1});
    permute(cases, new int[] {2, 7, 8, 13}, new int[] {0, 3, 1, 2});
    permute(cases, new int[] {3, 13, 4, 16}, new int[] {0, 2, 1, 3});
    permute(cases, new int[] {3, 4, 13, 16}, new int[] {0, 2, 3, 1});
    permute(cases, new int[] {2, 3, 4, 5, 6}, new int[] {4, 1, 3, 0, 2});
    permute(cases, new int[] {2, 1, 3, 2, 2, 5}, new int[] {5, 3, 1, 0, 2, 4});
    permute(cases, new int[] {3, 0, 2}, new int[] {2, 0, 1});
    permute(cases, new int[] {257, 300}, new int[] {1, 0});
    permute(cases, new int[] {5, 130, 4, 33}, new int[] {0, 2, 1, 3});
    permute(cases, new int[] {600, 5}, new int[] {1, 0}); // thin planes
    permute(cases, new int[] {6, 700}, new int[] {1, 0});
    permute(cases, new int[] {3, 400, 4}, new int[] {1, 0, 2});
    permute(cases, new int[] {2, 2, 2, 2, 2, 3, 2, 2}, new int[] {7, 6, 5, 4, 3, 2, 1, 0});
    permute(cases, new int[] {2, 2, 2, 2, 3, 2, 20}, new int[] {5, 4, 3, 2, 1, 0, 6});
    permute(cases, new int[] {3, 2, 620}, new int[] {1, 0, 2}); // long rows
  }

  private static void permute(List<ContractCase> cases, int[] sizes, int[] order) {
    long[] shape = IntStream.of(sizes).asLongStream().toArray();
    String name = Arrays.toString(sizes) + " by " + Arrays.toString(order);
    cases.add(
        new ContractCase(
            "permute",
            name,
            t -> {
              long count = Shape.of(shape).count();
              Buffer y = t.out(count);
              int[] handed = order.clone();
              t.backend().permute(t.in(t.normal(count)), y, shape.clone(), handed);
              t.holds("the order stays", Arrays.equals(order, handed));
              t.check("y", y, Bound.EXACT);
            }));
  }

  private static void gathers(List<ContractCase> cases) {
    for (int width : SIZES) {
      gather(cases, 13, new int[] {12, 0, 0, 5, 12, 7, 1}, width);
    }
    gather(cases, 702, IntStream.range(0, 702).map(i -> i * 5 % 702).toArray(), 3);
    gather(cases, 3, IntStream.range(0, 702).map(i -> i * i % 3).toArray(), 8);
    gather(cases, 702, IntStream.range(0, 702).map(i -> i * 5 % 702).toArray(), 8);
    gather(cases, 1, new int[] {0}, 1);
    gather(cases, 207, IntStream.range(0, 5000).map(i -> i * 7 % 207).toArray(), 17);
    gather(cases, 8, new int[0], 7);
    gather(cases, 8, new int[] {3}, 0);
  }

  private static void gather(List<ContractCase> cases, int n, int[] rows, int width) {
    String name = rows.length + " of " + n + " rows of " + width;
    cases.add(
        new ContractCase(
            "gatherRows",
            name,
            t -> {
              Buffer y = t.out((long) rows.length * width);
              int[] handed = rows.clone();
              t.backend().gatherRows(t.in(t.normal((long) n * width)), handed, y, width);
              t.holds("the row numbers stay", Arrays.equals(rows, handed));
              t.check("y", y, Bound.EXACT);
            }));
    cases.add(
        new ContractCase(
            "scatterAddRows",
            name,
            t -> {
              Buffer x = t.term(t.normal((long) rows.length * width));
              Buffer y = t.out((long) n * width);
              int[] handed = rows.clone();
              t.backend().scatterAddRows(x, handed, y, n, width);
              t.holds("the row numbers stay", Arrays.equals(rows, handed));
              t.check("y", y, Bound.ofTerms(Math.max(1, rows.length)));
            }));
  }

  // ---- selection ----

  private static void selections(List<ContractCase> cases) {
    for (boolean largest : new boolean[] {true, false}) {
      String kind = largest ? "largest" : "smallest";
      for (int[] s :
          new int[][] {
            {1, 1, 1},
            {3, 7, 2},
            {7, 8, 8},
            {8, 13, 5},
            {2, 702, 64},
            {300, 257, 5},
            {13, 207, 1},
            {3, 64, 0},
            {0, 5, 2},
            {2, 9000, 5},
            {1, 6000, 2048},
            {1, 5000, 2500}
          }) {
        String name = s[2] + " " + kind + " of [" + s[0] + "," + s[1] + "]";
        cases.add(
            new ContractCase("topK", name, t -> topK(t, t.normal((long) s[0] * s[1]), s, largest)));
        cases.add(
            new ContractCase(
                "topK",
                name + ", ties",
                t -> topK(t, t.whole((long) s[0] * s[1], -2, 3), s, largest)));
      }
      double inf = Double.POSITIVE_INFINITY;
      double[] odd = {Double.NaN, 1, -inf, -0.0, Double.NaN, 0, inf, -0.0, inf, -1, -inf};
      for (int k : new int[] {3, 9, 11}) {
        int[] s = {1, odd.length, k};
        cases.add(
            new ContractCase("topK", k + " " + kind + " with NaN", t -> topK(t, odd, s, largest)));
      }
    }
  }

  /**
   * Rows that end within a late turn of a block; of the longest hundreds are kept of each chunk.
   */
  private static void longSelections(List<ContractCase> cases) {
    for (int[] s :
        new int[][] {{2348, 1000}, {2860, 1000}, {2348, 2060}, {4000, 1300}, {9000, 1500}}) {
      String name = s[1] + " largest of [1," + s[0] + "]";
      int[] sizes = {1, s[0], s[1]};
      cases.add(new ContractCase("topK", name, t -> topK(t, t.normal(s[0]), sizes, true)));
    }
  }

  private static void topK(ContractBench t, double[] x, int[] s, boolean largest) {
    int[] index = new int[s[0] * s[2]];
    t.backend().topK(t.in(x), s[0], s[1], s[2], largest, index);
    t.check("index", IntStream.of(index).asDoubleStream().toArray(), Bound.EXACT);
  }
}
