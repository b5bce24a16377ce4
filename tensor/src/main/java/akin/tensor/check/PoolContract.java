package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape.Window;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.PoolShape.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Cases for pooling and its gradient. */
final class PoolContract {
  private PoolContract() {}

  static void addTo(List<ContractCase> cases) {
    for (Kind kind : Kind.values()) {
      sliding(cases, kind, "2×2", Shape.of(2, 3, 8, 6), 2, 2, Window.of(2, 0), false);
      sliding(
          cases, kind, "2×2, a row left over", Shape.of(2, 3, 7, 13), 2, 2, Window.of(2, 0), false);
      sliding(cases, kind, "2×2, ceil", Shape.of(2, 3, 7, 13), 2, 2, Window.of(2, 0), true);
      sliding(
          cases, kind, "3×3, overlapping", Shape.of(1, 7, 13, 13), 3, 3, Window.of(2, 1), false);
      sliding(cases, kind, "3×3, stride 1", Shape.of(3, 1, 8, 7), 3, 3, Window.of(1, 1), false);
      sliding(cases, kind, "3×3, ceil, padded", Shape.of(2, 2, 8, 9), 3, 3, Window.of(2, 1), true);
      sliding(
          cases,
          kind,
          "5×2",
          Shape.of(2, 3, 13, 8),
          5,
          2,
          new Window(3, 1, 2, 1, 0, 1, 1, 1),
          false);
      sliding(
          cases,
          kind,
          "5×4, ceil",
          Shape.of(2, 3, 13, 9),
          5,
          4,
          new Window(3, 4, 1, 2, 2, 0, 1, 1),
          true);
      sliding(
          cases,
          kind,
          "stride over the window",
          Shape.of(1, 3, 13, 11),
          2,
          3,
          Window.of(5, 0),
          false);
      sliding(cases, kind, "the whole picture", Shape.of(3, 13, 7, 8), 7, 8, Window.plain(), false);
      sliding(cases, kind, "one pixel", Shape.of(2, 64, 1, 1), 1, 1, Window.plain(), false);
      sliding(cases, kind, "larger", Shape.of(3, 8, 64, 65), 3, 3, Window.of(2, 1), false);
      sliding(cases, kind, "no picture", Shape.of(0, 3, 8, 8), 2, 2, Window.of(2, 0), false);
      for (int[] out : new int[][] {{1, 1}, {7, 7}, {3, 5}, {7, 13}, {8, 20}}) {
        String name = "adaptive " + out[0] + "×" + out[1];
        PoolShape s = PoolShape.adaptive(kind, Shape.of(2, 3, 7, 13), out[0], out[1]);
        add(cases, kind + " " + name, s);
      }
    }
    Window apart = new Window(1, 2, 1, 1, 1, 1, 3, 2);
    sliding(cases, Kind.MAX, "3×3, dilated", Shape.of(2, 3, 13, 12), 3, 3, apart, false);
    Shape odd = Shape.of(2, 3, 8, 9);
    for (boolean ceil : new boolean[] {false, true}) {
      for (int divisor : new int[] {0, 5}) {
        Window w = new Window(2, 2, 1, 0, 0, 1, 1, 1);
        PoolShape s = PoolShape.sliding(Kind.AVERAGE, odd, 3, 3, w, ceil, true, divisor);
        add(cases, "AVERAGE counting padding, divisor " + divisor + ", ceil " + ceil, s);
      }
    }
    cases.add(new ContractCase("pool2d", "MAX with NaN and −∞", t -> special(t, false)));
    cases.add(new ContractCase("pool2dGrad", "MAX with NaN and −∞", t -> special(t, true)));
  }

  private static void sliding(
      List<ContractCase> cases,
      Kind kind,
      String name,
      Shape input,
      int kh,
      int kw,
      Window window,
      boolean ceil) {
    PoolShape s = PoolShape.sliding(kind, input, kh, kw, window, ceil, false, 0);
    add(cases, kind + " " + name, s);
  }

  private static void add(List<ContractCase> cases, String name, PoolShape s) {
    cases.add(new ContractCase("pool2d", name, t -> forward(t, s)));
    cases.add(new ContractCase("pool2dGrad", name, t -> backward(t, s)));
  }

  private static long inputs(PoolShape s) {
    return (long) s.planes() * s.h() * s.w();
  }

  private static long outputs(PoolShape s) {
    return (long) s.planes() * s.outH() * s.outW();
  }

  /** Cells of the largest window. */
  private static int cells(PoolShape s) {
    int rows = 0;
    int cols = 0;
    for (int i = 0; i < s.outH(); i++) {
      rows = Math.max(rows, s.rowEnd(i) - s.rowStart(i));
    }
    for (int j = 0; j < s.outW(); j++) {
      cols = Math.max(cols, s.colEnd(j) - s.colStart(j));
    }
    return rows * cols;
  }

  private static void forward(ContractBench t, PoolShape s) {
    boolean max = s.kind() == Kind.MAX;
    double[] numbers = t.normal(inputs(s));
    Buffer x = max ? t.in(numbers) : t.term(numbers);
    Buffer y = t.out(outputs(s));
    t.backend().pool2d(s, x, y);
    t.check("y", y, max ? Bound.EXACT : Bound.ofTerms(cells(s) + 1));
  }

  /** Whole numbers tie often, so the first maximum must take the gradient. */
  private static void backward(ContractBench t, PoolShape s) {
    Buffer x = t.in(t.whole(inputs(s), -2, 3));
    Buffer y = t.out(outputs(s));
    t.backend().pool2d(s, x, y);
    Buffer dy = t.term(t.normal(outputs(s)));
    Buffer dx = t.out(inputs(s));
    t.backend().pool2dGrad(s, x, y, dy, dx);
    t.check("dx", dx, Bound.ofTerms(overlap(s) + 1));
  }

  /** Windows over the cell that most windows cover. */
  private static long overlap(PoolShape s) {
    long rows = 0;
    for (int row = 0; row < s.h(); row++) {
      int r = row;
      IntPredicate covers = i -> s.rowStart(i) <= r && r < s.rowEnd(i);
      rows = Math.max(rows, IntStream.range(0, s.outH()).filter(covers).count());
    }
    long cols = 0;
    for (int col = 0; col < s.w(); col++) {
      int c = col;
      IntPredicate covers = j -> s.colStart(j) <= c && c < s.colEnd(j);
      cols = Math.max(cols, IntStream.range(0, s.outW()).filter(covers).count());
    }
    return rows * cols;
  }

  private static void special(ContractBench t, boolean gradient) {
    PoolShape s =
        PoolShape.sliding(Kind.MAX, Shape.of(1, 1, 3, 8), 3, 3, Window.of(1, 1), false, false, 0);
    double inf = Double.POSITIVE_INFINITY;
    double[] numbers = new double[24];
    Arrays.fill(numbers, -inf);
    numbers[4] = Double.NaN;
    numbers[13] = Double.NaN;
    numbers[15] = inf;
    numbers[8] = 1;
    Buffer x = t.in(numbers);
    Buffer y = t.out(24);
    t.backend().pool2d(s, x, y);
    if (gradient) {
      Buffer dx = t.out(24);
      t.backend().pool2dGrad(s, x, y, t.in(t.whole(24, 1, 9)), dx);
      t.check("dx", dx, Bound.EXACT); // whole numbers, so their sums are exact
    } else {
      t.check("y", y, Bound.EXACT);
    }
  }
}
