package akin.tensor.check;

import akin.tensor.backend.Buffer;
import java.util.Arrays;
import java.util.List;

/** Cases for the hinge over all triplets. */
final class TripletContract {
  private TripletContract() {}

  static void addTo(List<ContractCase> cases) {
    int[][] sizes = { // anchors, positives, negatives
      {1, 1, 1},
      {3, 2, 7},
      {10, 9, 90},
      {64, 1, 13},
      {5, 300, 3},
      {5, 3, 300},
      {2, 33, 702},
      {207, 8, 31},
      {2, 0, 3},
      {2, 3, 0},
      {0, 3, 4}
    };
    for (int[] s : sizes) {
      String name = Arrays.toString(s);
      cases.add(new ContractCase("tripletHinge", name, t -> hinge(t, s)));
      cases.add(new ContractCase("tripletHinge", name + ", whole numbers", t -> ties(t, s)));
      cases.add(new ContractCase("tripletHingeGrad", name, t -> gradient(t, s)));
    }
    cases.add(new ContractCase("tripletHinge", "NaN", TripletContract::notANumber));
  }

  /** Terms of any size; their sum has p·m terms of one sign, each of two roundings. */
  private static void hinge(ContractBench t, int[] s) {
    double margin = 0.375;
    double[] near = t.normal((long) s[0] * s[1]);
    double[] far = t.normal((long) s[0] * s[2]);
    Buffer y = t.out(2L * s[0]);
    t.backend().tripletHinge(margin, t.in(near), t.in(far), y, s[0], s[1], s[2]);
    double[] magnitude = new double[s[0]];
    for (int i = 0; i < s[0]; i++) {
      for (int j = 0; j < s[1] * s[2]; j++) {
        double x = near[i * s[1] + j / s[2]];
        magnitude[i] += Math.abs(x) + Math.abs(far[i * s[2] + j % s[2]]) + margin;
      }
    }
    double[] sums = Arrays.copyOf(t.download(y), s[0]);
    t.check("sums", sums, Bound.of(s[1] * s[2] + 3, magnitude));
  }

  /** All terms are exact, some of them are 0, and their sums have less than 24 bits. */
  private static void ties(ContractBench t, int[] s) {
    Buffer near = t.in(t.whole((long) s[0] * s[1], -4, 5));
    Buffer far = t.in(t.whole((long) s[0] * s[2], -4, 5));
    Buffer y = t.out(2L * s[0]);
    t.backend().tripletHinge(1, near, far, y, s[0], s[1], s[2]);
    t.check("y", y, Bound.EXACT);
  }

  /** Counts are exact where terms are. */
  private static void gradient(ContractBench t, int[] s) {
    Buffer near = t.in(t.whole((long) s[0] * s[1], -4, 5));
    Buffer far = t.in(t.whole((long) s[0] * s[2], -4, 5));
    double[] dy = t.normal(2L * s[0]);
    Buffer dNear = t.out((long) s[0] * s[1]);
    Buffer dFar = t.out((long) s[0] * s[2]);
    t.backend().tripletHingeGrad(1, near, far, t.in(dy), dNear, dFar, s[0], s[1], s[2]);
    t.check("dNear", dNear, Bound.of(2, repeated(dy, s[0], s[1], s[2])));
    t.check("dFar", dFar, Bound.of(2, repeated(dy, s[0], s[2], s[1])));
  }

  /** For each own number dy·(numbers of the other side), which no gradient exceeds. */
  private static double[] repeated(double[] dy, int anchors, int own, int other) {
    double[] all = new double[anchors * own];
    Arrays.setAll(all, i -> dy[i / own] * other);
    return all;
  }

  private static void notANumber(ContractBench t) {
    Buffer near = t.in(1, Double.NaN, 2, 3);
    Buffer far = t.in(0, 1, 5, 9);
    Buffer y = t.out(4);
    t.backend().tripletHinge(0.5, near, far, y, 2, 2, 2);
    t.check("y", y, Bound.EXACT);
  }
}
