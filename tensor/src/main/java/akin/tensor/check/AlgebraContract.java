package akin.tensor.check;

import static akin.tensor.check.BackendContract.SIZES;

import akin.tensor.backend.Buffer;
import akin.tensor.backend.Distance;
import java.util.Arrays;
import java.util.List;

/** Cases for products of matrices and for distances between rows. */
final class AlgebraContract {
  private AlgebraContract() {}

  static void addTo(List<ContractCase> cases) {
    for (int size : SIZES) {
      product(cases, 1, size, 7, 13);
      product(cases, 1, 5, size, 3);
      product(cases, 1, 3, 8, size);
      product(cases, 3, 4, 5, Math.min(size, 64));
    }
    for (int[] s :
        new int[][] {
          {1, 1, 1},
          {8, 8, 8},
          {64, 64, 64},
          {207, 207, 207},
          {702, 64, 207},
          {64, 702, 13},
          {13, 64, 702},
          {1, 702, 207},
          {207, 702, 1},
          {1, 207, 1}
        }) {
      product(cases, 1, s[0], s[1], s[2]);
    }
    product(cases, 1, 389, 64, 1031); // several tiles each way
    product(cases, 1, 65, 1031, 65);
    product(cases, 64, 33, 17, 29);
    product(cases, 13, 16, 8, 16);
    product(cases, 207, 3, 1, 2);
    cases.add(
        new ContractCase(
            "matmul",
            "65537×[1,2] · [2,1]", // more than a card's grid has along its third axis
            t -> product(t, 65_537, 1, 2, 1, false, false)));
    product(cases, 2, 3, 0, 4); // an empty sum is 0
    product(cases, 1, 0, 3, 4);
    product(cases, 1, 3, 4, 0);
    product(cases, 0, 3, 4, 5);
    for (Distance f : Distance.values()) {
      distances(cases, f);
    }
  }

  private static void product(List<ContractCase> cases, int batch, int m, int k, int n) {
    for (boolean transA : new boolean[] {false, true}) {
      for (boolean transB : new boolean[] {false, true}) {
        String a = batch + "×[" + m + "," + k + "]" + (transA ? " stored [k,m]" : "");
        String b = "[" + k + "," + n + "]" + (transB ? " stored [n,k]" : "");
        cases.add(
            new ContractCase(
                "matmul", a + " · " + b, t -> product(t, batch, m, k, n, transA, transB)));
      }
    }
  }

  private static void product(
      ContractBench t, int batch, int m, int k, int n, boolean transA, boolean transB) {
    Buffer a = t.term(t.normal((long) batch * m * k));
    Buffer b = t.term(t.normal((long) batch * k * n));
    Buffer y = t.out((long) batch * m * n);
    t.backend().matmul(a, transA, b, transB, y, batch, m, k, n);
    t.check("y", y, Bound.ofTerms(k + 1));
  }

  // ---- distances ----

  private static void distances(List<ContractCase> cases, Distance f) {
    int[][] sizes = {
      {1, 1, 1},
      {3, 7, 13},
      {7, 3, 8},
      {13, 64, 3},
      {8, 8, 64},
      {64, 13, 207},
      {5, 3, 702},
      {207, 7, 1},
      {1, 702, 2},
      {1, 40, 77},
      {129, 257, 33},
      {65, 65, 32},
      {0, 3, 4},
      {3, 0, 4}
    };
    for (int[] s : sizes) {
      String name = f + " of [" + s[0] + "," + s[2] + "], [" + s[1] + "," + s[2] + "]";
      cases.add(new ContractCase("distances", name, t -> distances(t, f, s, 0)));
      cases.add(new ContractCase("distances", name + ", far from 0", t -> distances(t, f, s, 100)));
      for (boolean swapped : new boolean[] {false, true}) {
        cases.add(
            new ContractCase(
                "distancesGrad",
                name + (swapped ? ", swapped, far from 0" : ""),
                t -> distancesGrad(t, f, s, swapped)));
      }
    }
  }

  /** Rows around {@code centre}: where it is far from 0, |x|² + |y|² − 2x·y would cancel. */
  private static double[] rows(ContractBench t, int n, int d, double centre) {
    double[] x = t.normal((long) n * d);
    Arrays.setAll(x, i -> (float) (x[i] + centre));
    return x;
  }

  /** Makes the last row of b the first of a, the first of b zero, the second of b tiny. */
  private static void makeOdd(double[] a, double[] b, int d) {
    int m = b.length / d;
    if (m >= 3 && a.length > 0) {
      System.arraycopy(a, 0, b, (m - 1) * d, d);
      Arrays.fill(b, 0, d, 0);
      Arrays.fill(b, d, 2 * d, (float) 1e-10);
    }
  }

  /**
   * Sums of d terms of one sign; only products have both. The cosine's absolute sum is at most 1.
   */
  private static void distances(ContractBench t, Distance f, int[] s, double centre) {
    int d = s[2];
    double[] a = rows(t, s[0], d, centre);
    double[] b = rows(t, s[1], d, centre);
    makeOdd(a, b, d);
    Buffer y = t.out((long) s[0] * s[1]);
    boolean dot = f == Distance.DOT;
    Buffer bufferA = dot ? t.term(a) : t.in(a);
    Buffer bufferB = dot ? t.term(b) : t.in(b);
    t.backend().distances(f, bufferA, bufferB, y, s[0], s[1], d);
    t.check("y", y, f == Distance.COSINE ? Bound.of(2 * d + 12, 1) : Bound.ofTerms(d + 6));
  }

  private static void distancesGrad(ContractBench t, Distance f, int[] s, boolean swapped) {
    int n = s[0];
    int m = s[1];
    int d = s[2];
    double[] a = rows(t, n, d, swapped ? 100 : 0);
    double[] b = rows(t, m, d, swapped ? 100 : 0);
    makeOdd(b, a, d);
    double[] dy = t.normal((long) n * m);
    Buffer bufferA = t.in(a);
    Buffer bufferB = t.in(b);
    Buffer y = t.out((long) n * m);
    Buffer da = t.out((long) n * d);
    if (swapped) {
      t.backend().distances(f, bufferB, bufferA, y, m, n, d);
    } else {
      t.backend().distances(f, bufferA, bufferB, y, n, m, d);
    }
    t.backend().distancesGrad(f, bufferA, bufferB, y, t.in(dy), swapped, da, n, m, d);
    double[] magnitude = new double[n * d];
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < m; j++) {
        sum += Math.abs(dy[swapped ? j * n + i : i * m + j]);
      }
      Arrays.fill(magnitude, i * d, (i + 1) * d, sum * steepest(f, a, b, i, d));
    }
    t.check("da", da, Bound.of(m + 2 * d + 12, magnitude));
  }

  /** No slope of a distance from row {@code i} of a is larger. */
  private static double steepest(Distance f, double[] a, double[] b, int i, int d) {
    return switch (f) {
      case EUCLIDEAN, L1 -> 1;
      case SQUARED -> {
        double widest = 0;
        for (int l = 0; l < b.length; l++) {
          widest = Math.max(widest, Math.abs(a[i * d + l % d] - b[l]));
        }
        yield 2 * widest;
      }
      case DOT -> Arrays.stream(b).map(Math::abs).max().orElse(0);
      case COSINE -> {
        double[] row = Arrays.copyOfRange(a, i * d, (i + 1) * d);
        double norm = Math.sqrt(Arrays.stream(row).map(x -> x * x).sum());
        yield 2 / Math.max(norm, 1e-8);
      }
    };
  }
}
