package akin.nn.metric.pair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.LossValue;
import akin.nn.metric.Relation;
import akin.nn.metric.distance.LpDistance;
import akin.nn.metric.distance.SnrDistance;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches that give nothing or too much, and what holds for every loss of pairs and triplets. */
class PairLossesTest {
  private static final int WIDTH = 3;

  private Backend backend;
  private Scope scope;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
  }

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  /** Losses that want positives and negatives. */
  static Stream<Loss> both() {
    return Stream.of(
        NTXentLoss.usual(),
        SupConLoss.usual(),
        NcaLoss.usual(),
        NPairsLoss.usual(),
        AngularLoss.usual(),
        TupletMarginLoss.usual(),
        CircleLoss.usual(),
        LiftedStructureLoss.usual(),
        TripletLoss.usual(),
        MarginLoss.usual(),
        BatchHardSoftMarginLoss.usual(),
        new BatchHardSoftMarginLoss(Penalty.hinge(0.3), LpDistance.euclidean()),
        Hap2sLoss.usual(),
        new Hap2sLoss(
            Hap2sLoss.Weights.exponential(0.5), 0, Penalty.hinge(0.5), LpDistance.euclidean()));
  }

  /** Losses of which each kind of pair has a part of its own. */
  static Stream<Loss> either() {
    return Stream.of(
        ContrastiveLoss.usual(),
        ContrastiveLoss.signalToNoise(),
        MultiSimilarityLoss.usual(),
        GeneralizedLiftedStructureLoss.usual(),
        IntraPairVarianceLoss.usual(),
        ThresholdConsistentMarginLoss.usual());
  }

  static Stream<Loss> all() {
    return Stream.concat(both(), either());
  }

  private static Tensor points(int rows) {
    RandomStream stream = RandomStream.of(11, "points");
    double[] values = IntStream.range(0, rows * WIDTH).mapToDouble(stream::gaussian).toArray();
    return Tensor.of(Shape.of(rows, WIDTH), values);
  }

  // ---- batches that give nothing ----

  @ParameterizedTest
  @MethodSource("both")
  void withoutPositivesTheLossIsZeroAndSaysSo(Loss loss) {
    assertNothing(loss, 1, 2, 3);
  }

  @ParameterizedTest
  @MethodSource("all")
  void ofOneSampleTheLossIsZeroAndSaysSo(Loss loss) {
    assertNothing(loss, 7);
  }

  private static void assertNothing(Loss loss, int... labels) {
    Tensor x = points(labels.length).requireGradient(true);
    try (Tape tape = Tape.open()) {
      LossValue value = loss.of(x, labels);
      assertEquals(0, value.value().item());
      assertEquals(0, value.used());
      assertEquals(labels.length, value.skipped());
      assertArrayEquals(
          new double[labels.length * WIDTH], tape.backward(value.value()).of(x).toDoubles());
    }
  }

  @ParameterizedTest
  @MethodSource("both")
  void withoutNegativesTheLossIsZero(Loss loss) {
    Tensor x = points(3).requireGradient(true);
    try (Tape tape = Tape.open()) {
      Tensor value = loss.of(x, new int[] {1, 1, 1}).value();
      assertEquals(0, value.item());
      for (double g : tape.backward(value).of(x).toDoubles()) {
        assertEquals(0, g, 1e-15);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("either")
  void oneKindOfPairsIsEnoughForSome(Loss loss) {
    assertEquals(3, loss.of(points(3), new int[] {1, 2, 3}).used());
    assertEquals(3, loss.of(points(3), new int[] {1, 1, 1}).used());
  }

  @ParameterizedTest
  @MethodSource("both")
  void anchorsWithoutPositivesAreSkippedAndTheOthersUsed(Loss loss) {
    LossValue value = loss.of(points(5), new int[] {4, 1, 1, 2, 2});
    int skipped = loss instanceof NPairsLoss ? 3 : 1; // it takes a single anchor of each class
    assertEquals(skipped, value.skipped());
    assertEquals(5 - skipped, value.used());
  }

  @Test
  void nPairsWantLabels() {
    Tensor x = points(2);
    Batch views = Batch.of(x, points(2), Relation.ofViews(2));
    UserError e = assertThrows(UserError.class, () -> NPairsLoss.usual().of(views));
    assertTrue(e.getMessage().contains("labels"), e.getMessage());
  }

  // ---- batches that give too much ----

  /** Equal, zero, tiny and huge vectors: finite values and gradients, in float32 too. */
  @ParameterizedTest
  @MethodSource("all")
  void degenerateBatchesStayFinite(Loss loss) {
    try (Backend cpu = Backends.open("cpu", 1)) {
      for (Backend each : List.of(backend, cpu)) {
        for (int[] labels : new int[][] {{0, 0, 1, 1, 2}, {0, 0, 0, 0, 0}, {0, 1, 2, 3, 4}}) {
          for (double size : new double[] {0, 1e-20, 1, 1e6}) {
            assertFinite(
                loss, each, Tensor.full(Shape.of(5, WIDTH), size), labels, "equal " + size);
            assertFinite(loss, each, points(5).mul(size), labels, "size " + size);
          }
        }
      }
    }
  }

  private static void assertFinite(
      Loss loss, Backend backend, Tensor values, int[] labels, String about) {
    double[] x = values.toDoubles();
    String where = backend.name() + ", " + about + ", " + Arrays.toString(labels);
    try (Tape tape = Tape.open(backend)) {
      Tensor leaf = Tensor.of(Shape.of(labels.length, WIDTH), x).requireGradient(true);
      Tensor value = loss.of(leaf, labels).value();
      assertTrue(Double.isFinite(value.item()), where);
      for (double g : tape.backward(value).of(leaf).toDoubles()) {
        assertTrue(Double.isFinite(g), "gradient: " + where);
      }
    }
  }

  // ---- laws ----

  /** Samples in another order have the same loss and the same gradients. */
  @ParameterizedTest
  @MethodSource("all")
  void orderPlaysNoPart(Loss loss) {
    if (loss instanceof NPairsLoss) {
      return; // it takes the first pair of each class
    }
    int[] labels = {0, 1, 0, 2, 1, 0, 3};
    int[] order = {4, 2, 6, 0, 5, 1, 3};
    double[] x = points(7).toDoubles();
    double[] moved = new double[x.length];
    int[] movedLabels = new int[7];
    for (int i = 0; i < 7; i++) {
      System.arraycopy(x, order[i] * WIDTH, moved, i * WIDTH, WIDTH);
      movedLabels[i] = labels[order[i]];
    }
    double[] g = new double[x.length];
    double[] movedG = new double[x.length];
    double value = play(loss, x, labels, g);
    assertEquals(value, play(loss, moved, movedLabels, movedG), 1e-12 * (1 + value));
    for (int i = 0; i < 7; i++) {
      for (int k = 0; k < WIDTH; k++) {
        assertEquals(g[order[i] * WIDTH + k], movedG[i * WIDTH + k], 1e-11 * (1 + value));
      }
    }
  }

  private static double play(Loss loss, double[] x, int[] labels, double[] gradient) {
    try (Tape tape = Tape.open()) {
      Tensor leaf = Tensor.of(Shape.of(labels.length, WIDTH), x).requireGradient(true);
      Tensor value = loss.of(leaf, labels).value();
      System.arraycopy(tape.backward(value).of(leaf).toDoubles(), 0, gradient, 0, x.length);
      return value.item();
    }
  }

  @Test
  void signalToNoiseIsARatioOfVariances() {
    Tensor a = Tensor.of(Shape.of(1, 3), 1, 2, 6); // variance 7 (of 3 − 1)
    Tensor b = Tensor.of(Shape.of(1, 3), 1, 2, 3); // a − b = 0, 0, 3: variance 3
    Distance snr = new SnrDistance(false);
    assertEquals(3.0 / 7, snr.of(a, b).item(), 1e-15);
    assertEquals(3.0, snr.of(b, a).item(), 1e-15, "b has variance 1");
    assertEquals(0, snr.of(b, b).item());
    Tensor flat = Tensor.full(Shape.of(1, 3), 5);
    assertEquals(0, snr.of(flat, flat).item());
  }
}
