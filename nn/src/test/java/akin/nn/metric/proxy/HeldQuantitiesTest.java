package akin.nn.metric.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import akin.nn.StateDict;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.proxy.SubCenterArcFaceLoss.Outliers;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What losses keep or take from the batch without a gradient: it moves by its rule, and a training
 * pass has the very gradient of the loss with it held, which finite differences prove.
 */
class HeldQuantitiesTest {
  private static final double[] X = {3, 1, -1, 2, 0.5, 0.4, -2, -1};
  private static final double[] W = {1, -0.5, 0.2, 0.3, 1, -1}; // [2, 3]
  private static final int[] LABELS = {0, 1, 0, 2};

  private final List<ClassLoss> losses = new ArrayList<>();
  private Backend backend;
  private Scope scope;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
  }

  @AfterEach
  void close() {
    losses.forEach(ClassLoss::close);
    scope.close();
    backend.close();
  }

  private <L extends ClassLoss> L filled(L loss) {
    initialise(loss).vectors().tensor().assign(W);
    return loss;
  }

  private <L extends ClassLoss> L initialise(L loss) {
    losses.add(loss);
    loss.initialise(backend, 1);
    return loss;
  }

  private static double[] cosines() {
    double[] cosines = new double[12];
    for (int i = 0; i < 4; i++) {
      for (int c = 0; c < 3; c++) {
        double length = Math.hypot(X[2 * i], X[2 * i + 1]) * Math.hypot(W[c], W[3 + c]);
        cosines[3 * i + c] = (X[2 * i] * W[c] + X[2 * i + 1] * W[3 + c]) / length;
      }
    }
    return cosines;
  }

  /** The gradients by embeddings and class vectors of a training pass, as one array. */
  private static double[] passed(ClassLoss loss) {
    return gradient(loss, x -> ((Loss) loss).of(Batch.of(x, LABELS)).value());
  }

  private static double[] gradient(ClassLoss loss, Function<Tensor, Tensor> value) {
    try (Tape tape = Tape.open()) {
      Tensor x = Tensor.of(Shape.of(4, 2), X).requireGradient(true);
      var gradients = tape.backward(value.apply(x));
      double[] g = Arrays.copyOf(gradients.of(x).toDoubles(), 8 + 6);
      double[] w = gradients.of(loss.vectors().tensor()).toDoubles();
      System.arraycopy(w, 0, g, 8, 6);
      return g;
    }
  }

  @Test
  void adaCosChoosesItsScale() {
    AdaCosLoss loss = filled(AdaCosLoss.usual(3, 2));
    double before = Math.sqrt(2) * Math.log(2);
    assertEquals(before, loss.scale(), 1e-15);
    double[] trained = passed(loss);
    double[] c = cosines();
    double b = 0;
    double[] angles = new double[4];
    for (int i = 0; i < 4; i++) {
      angles[i] = Math.acos(c[3 * i + LABELS[i]]);
      for (int j = 0; j < 3; j++) {
        b += j == LABELS[i] ? 0 : Math.exp(before * c[3 * i + j]) / 4;
      }
    }
    Arrays.sort(angles);
    double s = Math.log(b) / Math.cos(Math.min(Math.PI / 4, angles[1]));
    assertEquals(s, loss.scale(), 1e-13, "the lower of the middle two angles");
    Tensor w = loss.vectors().tensor();
    double[] held = gradient(loss, x -> AdaCosLoss.losses(loss.cosines(x, w), LABELS, s).mean());
    assertArrayEquals(held, trained, 1e-13);
    loss.eval();
    passed(loss);
    assertEquals(s, loss.scale(), 1e-13, "evaluation does not move it");
    AdaCosLoss fixed = filled(new AdaCosLoss(3, 2, false));
    passed(fixed);
    assertEquals(before, fixed.scale(), 1e-15);
  }

  @Test
  void adaCosKeepsItsScaleRatherThanTurnItOver() {
    AdaCosLoss loss = filled(AdaCosLoss.usual(3, 2));
    loss.vectors().tensor().assign(1, -1, -1, 0, 0, 0); // all others lie opposite: ln B < 0
    double before = loss.scale();
    loss.of(Tensor.of(Shape.of(1, 2), 1, 0), new int[] {0});
    assertEquals(before, loss.scale());
  }

  @Test
  void curricularFaceFollowsTheMeanCosine() {
    CurricularFaceLoss loss = filled(new CurricularFaceLoss(3, 2, 0.5, 8));
    double[] trained = passed(loss);
    double[] c = cosines();
    double mean = (c[0] + c[4] + c[6] + c[11]) / 4;
    assertEquals(0.01 * mean, loss.t(), 1e-15);
    Tensor w = loss.vectors().tensor();
    double t = loss.t();
    double[] held = gradient(loss, x -> loss.losses(loss.cosines(x, w), LABELS, t).mean());
    assertArrayEquals(held, trained, 1e-13);
    passed(loss);
    assertEquals(0.01 * mean + 0.99 * 0.01 * mean, loss.t(), 1e-15);
    loss.eval();
    passed(loss);
    assertEquals(0.01 * mean + 0.99 * 0.01 * mean, loss.t(), 1e-15);
  }

  @Test
  void curricularFaceMakesHardNegativesHarder() {
    CurricularFaceLoss loss = filled(new CurricularFaceLoss(3, 2, 0.5, 1));
    double own = 0.6;
    double shifted = Math.cos(Math.acos(own) + 0.5);
    Tensor cosines = Tensor.of(Shape.of(1, 3), own, 0.9, shifted - 0.1);
    double[] z = {shifted, 0.9 * (0.3 + 0.9), shifted - 0.1};
    double sum = Arrays.stream(z).map(Math::exp).sum();
    double value = loss.losses(cosines, new int[] {0}, 0.3).item();
    assertEquals(Math.log(sum) - z[0], value, 1e-14);
  }

  @Test
  void adaFaceJudgesLengthsByRunningOnes() {
    AdaFaceLoss.Options options = new AdaFaceLoss.Options(0.4, 0.333, 0.25, 8);
    AdaFaceLoss loss = filled(new AdaFaceLoss(3, 2, options));
    double[] trained = passed(loss);
    double[] z = new double[4];
    Arrays.setAll(z, i -> Math.hypot(X[2 * i], X[2 * i + 1]));
    double mean = Arrays.stream(z).sum() / 4;
    double deviation = Math.sqrt(Arrays.stream(z).map(v -> (v - mean) * (v - mean)).sum() / 3);
    double mu = 0.25 * mean + 0.75 * 20;
    double sigma = 0.25 * deviation + 0.75 * 100;
    assertEquals(mu, state(loss, "batch_mean"), 1e-12);
    assertEquals(sigma, state(loss, "batch_std"), 1e-12);
    double[] g = new double[4];
    Arrays.setAll(g, i -> Math.max(-1, Math.min(1, 0.333 * (z[i] - mu) / (sigma + 1e-3))));
    Tensor w = loss.vectors().tensor();
    double[] held = gradient(loss, x -> loss.losses(loss.cosines(x, w), LABELS, g).mean());
    assertArrayEquals(held, trained, 1e-12);
    loss.eval();
    passed(loss);
    assertEquals(mu, state(loss, "batch_mean"), 1e-12);
  }

  @Test
  void oneSampleHasNoDeviation() {
    AdaFaceLoss loss = filled(new AdaFaceLoss(3, 2, AdaFaceLoss.Options.mdfe()));
    loss.of(Tensor.of(Shape.of(1, 2), 3, 4), new int[] {0});
    assertEquals(5, state(loss, "batch_mean"), 1e-12);
    assertEquals(0, state(loss, "batch_std"));
  }

  private static double state(ClassLoss loss, String name) {
    return StateDict.of(loss).values().get(name).doubles()[0];
  }

  @Test
  void centresMoveByTheirOwnRule() {
    CenterLoss loss = filled(new CenterLoss(3, 2, 0.1, 0.5));
    double[] before = {1, 0, 0, 1, -1, 0};
    loss.centers().tensor().assign(before);
    double[] trained = passed(loss);
    double[] after = before.clone();
    for (int k = 0; k < 2; k++) {
      double first = (before[k] - X[k] + before[k] - X[4 + k]) / 3; // samples 0 and 2
      after[k] -= 0.5 * first;
      after[2 + k] -= 0.5 * (before[2 + k] - X[2 + k]) / 2;
      after[4 + k] -= 0.5 * (before[4 + k] - X[6 + k]) / 2;
    }
    assertArrayEquals(after, loss.centers().tensor().toDoubles(), 1e-14);
    Tensor w = loss.vectors().tensor();
    Tensor own = Tensor.of(Shape.of(3, 2), before).gatherRows(LABELS);
    double[] held = gradient(loss, x -> loss.losses(x, w, LABELS, own).mean());
    assertArrayEquals(held, trained, 1e-14);
    loss.eval();
    passed(loss);
    assertArrayEquals(after, loss.centers().tensor().toDoubles(), 1e-14);
    assertEquals(1, loss.parameters().size(), "an optimiser does not see the centres");
  }

  @Test
  void p2sGradKeepsItsVectorsAtLengthOne() {
    P2SGradLoss loss = filled(P2SGradLoss.usual(3, 2));
    loss.eval();
    passed(loss);
    assertArrayEquals(W, loss.vectors().tensor().toDoubles());
    loss.train();
    passed(loss);
    double[] w = loss.vectors().tensor().toDoubles();
    for (int c = 0; c < 3; c++) {
      assertEquals(1, Math.hypot(w[c], w[3 + c]), 1e-6);
      assertEquals(W[c] / Math.hypot(W[c], W[3 + c]), w[c], 1e-6);
    }
    passed(loss);
    assertArrayEquals(w, loss.vectors().tensor().toDoubles(), "they are short enough already");
  }

  // ---- margins and centres ----

  @Test
  void rareClassesHaveTheLargerMargin() {
    int[] counts = {10, 30, 20};
    double[] margins = new DynMArcFaceLoss(counts, 2, 1, 0.2, 0.5, 30).margins();
    assertArrayEquals(new double[] {0.5, 0.2, 0.35}, margins, 1e-15);
    double[] equal = new DynMArcFaceLoss(new int[] {7, 7}, 2, 1, 0.2, 0.5, 30).margins();
    assertArrayEquals(new double[] {0.5, 0.5}, equal, 1e-15);
    assertNotEquals(0.5, new DynMArcFaceLoss(new int[] {0, 7}, 2, 1, 0.2, 0.5, 30).margins()[1]);
  }

  @Test
  void marginsByTheirFormulas() {
    double m = 0.7;
    int n = 200;
    double[] cosines = new double[n];
    Arrays.setAll(cosines, i -> -1 + 2.0 * i / (n - 1));
    Tensor c = Tensor.of(Shape.of(n), cosines);
    AngularMargin margin = AngularMargin.of(m, n);
    double[] arc = margin.monotone(c).toDoubles();
    double[] easy = margin.easy(c).toDoubles();
    double[] multiplied = MultipliedMargin.of(c, 4).toDoubles();
    for (int i = 1; i < n; i++) {
      double angle = Math.acos(cosines[i]);
      boolean inside = angle <= Math.PI - m;
      double expected = inside ? Math.cos(angle + m) : cosines[i] - m * Math.sin(m);
      // near 1 the sine is held at that of 1 − 1e-6, which is off by √2e-6
      assertEquals(expected, arc[i], i == n - 1 ? 2e-3 : 1e-12);
      assertEquals(cosines[i] > 0 ? Math.cos(angle + m) : cosines[i], easy[i], 2e-3);
      double k = Math.floor(4 * angle / Math.PI);
      double phi = (k % 2 == 0 ? 1 : -1) * Math.cos(4 * angle) - 2 * k;
      assertEquals(phi, multiplied[i], 1e-12);
    }
  }

  @Test
  void outliersLieFarFromWhereTheirClassGathers() {
    SubCenterArcFaceLoss loss = initialise(new SubCenterArcFaceLoss(2, 2, 2, 0.5, 64));
    loss.vectors().tensor().assign(1, 0, -1, 0, 0, 1, 0, -1); // → ↑ of class 0, ← ↓ of class 1
    double[] x = {5, 1, 4, -1, 0.1, 3, 3, 0.2, -2, -1};
    int[] labels = {0, 0, 0, 0, 1};
    Outliers found = loss.outliers(Tensor.of(Shape.of(5, 2), x), labels, 75);
    assertArrayEquals(new int[] {2}, found.rows(), "it points up, the others of 0 to the right");
    assertArrayEquals(new int[] {0, 0}, found.dominant());
    Outliers none = loss.outliers(Tensor.of(Shape.of(1, 2), 1, 0), new int[] {0}, 75);
    assertArrayEquals(new int[] {0, -1}, none.dominant(), "class 1 has no sample");
  }
}
