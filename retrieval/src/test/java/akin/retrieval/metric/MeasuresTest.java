package akin.retrieval.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.backend.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Measures of scores, pairs, groups and whole embeddings, by their definitions and laws. */
class MeasuresTest {
  private static final double ROUNDING = 1e-13; // far above what some dozens of operations leave

  // ---- scores with ties ----

  @Test
  void equalScoresMakeOneThreshold() {
    double[] scores = {2, 1, 2, 0, 1};
    boolean[] relevant = {true, false, false, true, true};
    ScoreCurve curve = ScoreCurve.of(scores, relevant);
    assertArrayEquals(new double[] {2, 1, 0}, curve.thresholds());
    assertArrayEquals(new long[] {2, 4, 5}, curve.found());
    assertArrayEquals(new long[] {1, 2, 3}, curve.hits());
    assertEquals((1 / 2.0 + 2 / 4.0 + 3 / 5.0) / 3, curve.averagePrecision(), ROUNDING);
    // of 6 pairs of a relevant row and another: 2>1, 2=2, 0<1, 0<2, 1=1, 1<2
    assertEquals((1 + 0.5 + 0.5) / 6, curve.rocArea(), ROUNDING);
    assertEquals(Double.NaN, ScoreCurve.of(scores, new boolean[5]).averagePrecision());
    assertEquals(Double.NaN, ScoreCurve.of(scores, new boolean[5]).rocArea());
  }

  @Property(seed = "1")
  void withoutTiesItIsTheAveragePrecisionOfTheRanking(
      @ForAll @Size(min = 1, max = 30) List<Boolean> relevance) {
    int n = relevance.size();
    boolean[] relevant = new boolean[n];
    IntStream.range(0, n).forEach(i -> relevant[i] = relevance.get(i));
    double[] falling = IntStream.range(0, n).mapToDouble(i -> -i).toArray();
    if (relevance.contains(true)) {
      assertEquals(
          RankedRelevance.of(relevant).averagePrecision(),
          ScoreCurve.of(falling, relevant).averagePrecision(),
          ROUNDING);
    }
  }

  // ---- pairs ----

  @Test
  void falseNonMatchesAtARateOfFalseMatches() {
    double[] positives = {0.1, 0.2, 0.3, 0.4};
    double[] negatives = {0.9, 0.3, 0.15, 0.35, 0.5};
    assertEquals(3 / 4.0, FalseMatches.nonMatchRate(positives, negatives, 0), "t = 0.15");
    assertEquals(3 / 4.0, FalseMatches.nonMatchRate(positives, negatives, 0.19));
    assertEquals(2 / 4.0, FalseMatches.nonMatchRate(positives, negatives, 0.2), "0.3 = t fails");
    assertEquals(1 / 4.0, FalseMatches.nonMatchRate(positives, negatives, 0.4), "t = 0.35");
    assertEquals(0, FalseMatches.nonMatchRate(positives, negatives, 1));
    double[] equal = {0.3, 0.3, 0.3};
    assertEquals(2 / 4.0, FalseMatches.nonMatchRate(positives, equal, 0.5), "none of equals");
    assertThrows(
        IllegalArgumentException.class, () -> FalseMatches.nonMatchRate(positives, equal, 1.1));
  }

  @Property(seed = "1")
  void allowingMoreFalseMatchesNeverMissesMore(
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(max = 2) Double> positives,
      @ForAll @Size(min = 1, max = 20) List<@DoubleRange(max = 2) Double> negatives) {
    double[] p = positives.stream().mapToDouble(d -> d).toArray();
    double[] n = negatives.stream().mapToDouble(d -> d).toArray();
    double before = 1;
    for (int step = 0; step <= 20; step++) {
      double now = FalseMatches.nonMatchRate(p, n, step / 20.0);
      assertTrue(now <= before, step + ": " + now);
      before = now;
    }
  }

  // ---- whole embeddings ----

  private static Vectors rows(float[] rows, int dimension) {
    return Vectors.of(rows, rows.length / dimension, dimension);
  }

  private static double fraction(float[] rows, int dimension, double share) {
    return PrincipalComponents.fraction(rows(rows, dimension), share);
  }

  @Test
  void componentsAreCountedUntilTheirVarianceSuffices() {
    // four independent axes with variances 8, 4, 2 and 0 (times 2/N)
    float[] rows = new float[6 * 4];
    double[] variances = {8, 4, 2};
    for (int axis = 0; axis < 3; axis++) {
      rows[2 * axis * 4 + axis] = (float) Math.sqrt(variances[axis]);
      rows[(2 * axis + 1) * 4 + axis] = -(float) Math.sqrt(variances[axis]);
    }
    assertEquals(1 / 4.0, fraction(rows, 4, 0.5));
    assertEquals(2 / 4.0, fraction(rows, 4, 0.6));
    assertEquals(2 / 4.0, fraction(rows, 4, 0.85));
    assertEquals(3 / 4.0, fraction(rows, 4, 1));
    assertEquals(0, fraction(new float[8], 4, 0.9), "all are one point");
    assertEquals(1, fraction(new float[] {1, 2, 4}, 1, 0.9));
    float[] line = {1, 1, 2, 2, 5, 5};
    assertEquals(1 / 2.0, fraction(line, 2, 1), "one direction");
  }

  /** Q·D·Qᵀ has the eigenvalues D, for any reflection Q. */
  @Property(seed = "1", tries = 200)
  void eigenvaluesOfAReflectedDiagonal(
      @ForAll @IntRange(min = 1, max = 12) int n, @ForAll @IntRange(max = 1000) int seed) {
    RandomStream stream = RandomStream.of(seed, "eigenvalues");
    double[] d = IntStream.range(0, n).mapToDouble(stream::gaussian).toArray();
    d[0] = n > 2 ? d[1] : d[0]; // equal ones, too
    double[] v = IntStream.range(n, 2 * n).mapToDouble(stream::gaussian).toArray();
    double square = Arrays.stream(v).map(x -> x * x).sum();
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          double qi = (i == k ? 1 : 0) - 2 * v[i] * v[k] / square;
          double qj = (j == k ? 1 : 0) - 2 * v[j] * v[k] / square;
          a[i][j] += qi * d[k] * qj;
        }
      }
    }
    Arrays.sort(d);
    assertArrayEquals(d, SymmetricEigenvalues.of(a), 1e-12);
  }

  @Test
  void numbersThatAreNoneAreNotSearchedForEver() {
    assertThrows(
        ArithmeticException.class,
        () -> SymmetricEigenvalues.of(new double[][] {{1, Double.NaN}, {Double.NaN, 1}}));
  }

  // ---- groups ----

  @Test
  void groupsThatAreFarApartAreFound() {
    try (Backend backend = Backends.open("cpu", 1)) {
      RandomStream stream = RandomStream.of(3, "blobs");
      int n = 300;
      float[] rows = new float[n * 2];
      int[] classes = new int[n];
      for (int i = 0; i < n; i++) {
        classes[i] = i % 5;
        rows[2 * i] = (float) (20 * classes[i] + stream.gaussian(2L * i));
        rows[2 * i + 1] = (float) (7 * (classes[i] % 2) + stream.gaussian(2L * i + 1));
      }
      for (long seed = 0; seed < 5; seed++) {
        int[] groups = new KMeans(backend, seed).groups(rows(rows, 2), 5);
        MutualInformation shared = MutualInformation.of(classes, groups);
        assertTrue(shared.adjusted() > 0.8, seed + ": " + shared.adjusted());
      }
      int[] found = new KMeans(backend, 1).groups(rows(rows, 2), 5);
      assertEquals(1, MutualInformation.of(classes, found).normalized(), ROUNDING);
    }
  }

  @Test
  void theSameSeedGivesTheSameGroupsAtAnyThreadCount() {
    RandomStream stream = RandomStream.of(4, "noise");
    float[] rows = new float[3000 * 9];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) stream.gaussian(i);
    }
    List<int[]> groups = new ArrayList<>();
    for (int threads : new int[] {1, 3}) {
      try (Backend backend = Backends.open("cpu", threads)) {
        groups.add(new KMeans(backend, 8).groups(rows(rows, 9), 20));
      }
    }
    assertArrayEquals(groups.get(0), groups.get(1));
    assertEquals(20, Arrays.stream(groups.get(0)).distinct().count(), "no group is empty");
  }

  @Test
  void oddGroupsAreFound() {
    try (Backend backend = Backends.open("reference", 1)) {
      KMeans means = new KMeans(backend, 1);
      assertArrayEquals(
          new int[4], means.groups(rows(new float[4 * 3], 3), 2), "all are one point");
      int[] each = means.groups(rows(new float[] {1, 5, 9}, 1), 7);
      assertEquals(3, Arrays.stream(each).distinct().count(), "more groups than rows");
      assertArrayEquals(new int[2], means.groups(rows(new float[] {1, 2}, 1), 1));
      assertThrows(IllegalArgumentException.class, () -> means.groups(rows(new float[0], 2), 1));
      assertThrows(IllegalArgumentException.class, () -> means.groups(rows(new float[4], 2), 0));
    }
  }

  /** E is the mean of I over all orders of one grouping. */
  @Property(seed = "1", tries = 50)
  void expectedInformationIsTheMeanOverAllOrders(
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 3) Integer> one,
      @ForAll @IntRange(max = 1000) int seed) {
    int n = one.size();
    int[] a = one.stream().mapToInt(i -> i).toArray();
    RandomStream stream = RandomStream.of(seed, "groups");
    int[] b = IntStream.range(0, n).map(i -> stream.below(i, 3)).toArray();
    List<Double> all = new ArrayList<>();
    orders(b, 0, order -> all.add(MutualInformation.of(a, order).information()));
    double mean = all.stream().mapToDouble(d -> d).average().orElseThrow();
    MutualInformation shared = MutualInformation.of(a, b);
    assertEquals(mean, shared.expected(), ROUNDING);
    assertEquals(shared.normalized(), MutualInformation.of(b, a).normalized(), ROUNDING);
    assertEquals(shared.adjusted(), MutualInformation.of(b, a).adjusted(), 1e-11);
    assertTrue(shared.normalized() >= -ROUNDING && shared.normalized() <= 1 + ROUNDING);
  }

  private static void orders(int[] values, int at, java.util.function.Consumer<int[]> each) {
    if (at == values.length) {
      each.accept(values.clone());
      return;
    }
    for (int i = at; i < values.length; i++) {
      swap(values, at, i);
      orders(values, at + 1, each);
      swap(values, at, i);
    }
  }

  private static void swap(int[] values, int i, int j) {
    int kept = values[i];
    values[i] = values[j];
    values[j] = kept;
  }

  @Test
  void informationOfPlainGroups() {
    int[] classes = {0, 0, 1, 1};
    MutualInformation renamed = MutualInformation.of(classes, new int[] {9, 9, -4, -4});
    assertEquals(1, renamed.normalized(), ROUNDING);
    assertEquals(1, renamed.adjusted(), ROUNDING);
    assertEquals(Math.log(2), renamed.information(), ROUNDING);
    MutualInformation crossed = MutualInformation.of(classes, new int[] {0, 1, 0, 1});
    assertEquals(0, crossed.normalized(), ROUNDING);
    // 2 of 6 ways to deal are the same groups: E = ln 2 / 3
    assertEquals(-0.5, crossed.adjusted(), ROUNDING);
    MutualInformation one = MutualInformation.of(new int[4], classes);
    assertEquals(0, one.normalized());
    assertEquals(0, one.adjusted());
    assertEquals(1, MutualInformation.of(new int[4], new int[4]).normalized());
    assertEquals(1, MutualInformation.of(new int[4], new int[4]).adjusted());
    int[] alone = {0, 1, 2, 3};
    assertEquals(1, MutualInformation.of(alone, alone).adjusted());
  }

  // ---- changed attributes ----

  @Test
  void changedAttributesByTheirDefinition() {
    var a =
        new ChangedAttributes.Answer(new boolean[] {true, false, true}, new double[] {1, 0.5, -1});
    var b = new ChangedAttributes.Answer(new boolean[] {false}, new double[] {0.4});
    ChangedAttributes mean = ChangedAttributes.of(List.of(a, b), 2);
    assertEquals(0.5, mean.mca());
    assertEquals((1.5 / 2 + 0.4 / 2) / 2, mean.mcs(), ROUNDING, "K is divided by");
    assertEquals((1 / 2.0) / 2, mean.csp(), ROUNDING);
    boolean[] x = {true, true, false};
    boolean[] y = {false, true, true};
    assertEquals(0.5, ChangedAttributes.likeness(x, y), ROUNDING);
    assertEquals(1, ChangedAttributes.likeness(x, x), ROUNDING);
    assertEquals(0, ChangedAttributes.likeness(x, new boolean[3]));
  }
}
