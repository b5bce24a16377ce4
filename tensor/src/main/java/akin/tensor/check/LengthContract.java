package akin.tensor.check;

import static akin.tensor.check.BackendContract.TURNS;

import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Cases for lines made as long as 1. */
final class LengthContract {
  private static final double EPS = (float) 1e-3;

  /** Sizes [outer, axis, inner]. */
  private static final int[][] LINES = {
    {1, 1, 1},
    {3, 7, 1},
    {13, 64, 1},
    {64, 207, 1},
    {5, 702, 1},
    {2053, 33, 1},
    {1, 207, 3},
    {7, 64, 8},
    {1, 13, 702},
    {3, 3, 257},
    {0, 3, 2},
    {3, 0, 2},
    {3, 2, 0},
    {1, 70_001, 1},
    {3, 2049, 1},
    {2, 4003, 1},
    {2, 1031, 7},
    {1, 300, 3},
    {512, 1, 1},
    {5, 1, 3},
    {1, 0, 1030},
    {1, 257, 1030},
  };

  private LengthContract() {}

  static void addTo(List<ContractCase> cases) {
    List<int[]> sizes = new ArrayList<>(List.of(LINES));
    IntStream.of(TURNS).forEach(n -> sizes.add(new int[] {1, n, 1}));
    for (int[] s : sizes) {
      String name = Arrays.toString(s);
      cases.add(new ContractCase("normalize", name, t -> forward(t, s)));
      cases.add(new ContractCase("normalizeGrad", name, t -> gradient(t, s)));
    }
    cases.add(
        new ContractCase(
            "normalize",
            "NaN and zeros",
            t -> {
              Buffer y = t.out(6);
              Buffer norm = t.out(2);
              t.backend().normalize(t.in(0, 0, 0, 1, Double.NaN, 2), y, norm, 2, 3, 1, EPS);
              t.check("y", y, Bound.EXACT);
              t.check("norm", norm, Bound.of(2, EPS));
            }));
  }

  private static int lineOf(int i, int[] s) {
    return i / (s[1] * s[2]) * s[2] + i % s[2];
  }

  /** Numbers, every third line of which is shorter than eps. */
  private static double[] lines(ContractBench t, int[] s) {
    double[] x = t.normal((long) s[0] * s[1] * s[2]);
    double tiny = EPS / (8 * Math.sqrt(Math.max(1, s[1])));
    Arrays.setAll(x, i -> (float) (lineOf(i, s) % 3 == 2 ? x[i] * tiny : x[i]));
    return x;
  }

  private static double[] norms(double[] x, int[] s) {
    double[] norms = new double[s[0] * s[2]];
    for (int i = 0; i < x.length; i++) {
      norms[lineOf(i, s)] += x[i] * x[i];
    }
    Arrays.setAll(norms, i -> Math.max(Math.sqrt(norms[i]), EPS));
    return norms;
  }

  private static void forward(ContractBench t, int[] s) {
    double[] x = lines(t, s);
    double[] norms = norms(x, s);
    Buffer y = t.out(x.length);
    Buffer norm = t.out(norms.length);
    t.backend().normalize(t.in(x), y, norm, s[0], s[1], s[2], EPS);
    double[] ofY = new double[x.length];
    Arrays.setAll(ofY, i -> Math.abs(x[i]) / norms[lineOf(i, s)]);
    t.check("norm", norm, Bound.of(s[1] + 2, norms));
    t.check("y", y, Bound.of(s[1] + 4, ofY));
  }

  private static void gradient(ContractBench t, int[] s) {
    double[] x = lines(t, s);
    double[] norms = norms(x, s);
    double[] norm = Arrays.stream(norms).map(v -> (float) v).toArray();
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> (float) (x[i] / norms[lineOf(i, s)]));
    double[] dy = t.normal(x.length);
    double[] along = new double[norms.length];
    for (int i = 0; i < x.length; i++) {
      along[lineOf(i, s)] += Math.abs(y[i] * dy[i]);
    }
    Buffer dx = t.out(x.length);
    t.backend().normalizeGrad(t.in(y), t.in(norm), t.in(dy), dx, s[0], s[1], s[2], EPS);
    double[] ofX = new double[x.length];
    Arrays.setAll(
        ofX, i -> (Math.abs(dy[i]) + Math.abs(y[i]) * along[lineOf(i, s)]) / norm[lineOf(i, s)]);
    t.check("dx", dx, Bound.of(s[1] + 4, ofX));
  }
}
