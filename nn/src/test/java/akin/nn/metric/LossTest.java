package akin.nn.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.distance.DotProduct;
import akin.nn.metric.pair.NTXentLoss;
import akin.nn.metric.rank.SmoothApLoss;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
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

/** Values of the losses by their definitions; the gradients are checked elsewhere. */
class LossTest {
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

  private static Tensor points(int rows) {
    RandomStream stream = RandomStream.of(5, "points");
    double[] values = IntStream.range(0, rows * WIDTH).mapToDouble(stream::gaussian).toArray();
    return Tensor.of(Shape.of(rows, WIDTH), values);
  }

  private static double square(double[] x, int i, int j) {
    return IntStream.range(0, WIDTH)
        .mapToDouble(k -> x[i * WIDTH + k] - x[j * WIDTH + k])
        .map(d -> d * d)
        .sum();
  }

  // ---- batches that give nothing, or too much ----

  static Stream<LabelLoss> labelLosses() {
    return Stream.of(
        AllTripletsLoss.of(0.5),
        new AllTripletsLoss(0.5, 2, AllTripletsLoss.Over.TRIPLETS),
        new NTXentLoss(0.01, DotProduct.cosine()),
        SmoothApLoss.ofDistances(0.01));
  }

  @ParameterizedTest
  @MethodSource("labelLosses")
  void withoutPositivesTheLossIsZeroAndSaysSo(LabelLoss loss) {
    Tensor x = points(3).requireGradient(true);
    try (Tape tape = Tape.open()) {
      LossValue value = loss.of(x, new int[] {1, 2, 3});
      assertEquals(0, value.value().item());
      assertEquals(0, value.used());
      assertTrue(value.skipped() > 0);
      assertArrayEquals(
          new double[3 * WIDTH], tape.backward(value.value()).of(x).toDoubles(), "gradient");
    }
  }

  @ParameterizedTest
  @MethodSource("labelLosses")
  void withoutNegativesTheLossIsZero(LabelLoss loss) {
    Tensor x = points(3).requireGradient(true);
    try (Tape tape = Tape.open()) {
      Tensor value = loss.of(x, new int[] {1, 1, 1}).value();
      assertEquals(0, value.item(), 1e-15);
      for (double g : tape.backward(value).of(x).toDoubles()) {
        assertEquals(0, g, 1e-12);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("labelLosses")
  void oneAnchorWithoutPositivesIsSkippedAndTheOthersUsed(LabelLoss loss) {
    LossValue value = loss.of(points(5), new int[] {4, 1, 1, 2, 2});
    assertTrue(value.skipped() == 1 && value.used() >= 1, value.toString());
    assertTrue(value.value().item() >= 0);
  }

  /** Equal, zero and huge vectors: finite values and gradients, in float32 too. */
  @ParameterizedTest
  @MethodSource("labelLosses")
  void degenerateBatchesStayFinite(LabelLoss loss) {
    int[] labels = {0, 0, 1, 1, 2};
    try (Backend cpu = Backends.open("cpu", 1)) {
      for (Backend each : List.of(backend, cpu)) {
        for (double size : new double[] {0, 1, 1e6}) {
          try (Tape tape = Tape.open(each)) {
            Tensor x = Tensor.full(Shape.of(5, WIDTH), size).requireGradient(true);
            Tensor value = loss.of(x, labels).value();
            assertTrue(Double.isFinite(value.item()), each.name() + ", size " + size);
            for (double g : tape.backward(value).of(x).toDoubles()) {
              assertTrue(Double.isFinite(g), each.name() + ", gradient at size " + size);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("labelLosses")
  void emptyBatchesAndMissingLabelsAreRefused(LabelLoss loss) {
    assertThrows(ShapeException.class, () -> loss.of(points(2), new int[] {1}));
    assertThrows(ShapeException.class, () -> loss.of(Tensor.zeros(Shape.of(0, WIDTH)), new int[0]));
  }

  // ---- triplets ----

  @Test
  void allTripletsAreSummedByTheirDefinition() {
    int[] labels = {0, 1, 0, 2, 1, 0, 3};
    Tensor features = points(labels.length);
    double[] x = features.toDoubles();
    double margin = 0.7;
    for (int anchors : new int[] {0, 3}) {
      double sum = 0;
      int count = 0;
      int nonZero = 0;
      int considered = anchors == 0 ? labels.length : anchors;
      for (int a = 0; a < considered; a++) {
        for (int p = 0; p < labels.length; p++) {
          for (int n = 0; n < labels.length; n++) {
            if (p != a && labels[p] == labels[a] && labels[n] != labels[a]) {
              double l = Math.max(0, square(x, a, p) - square(x, a, n) + margin);
              sum += l;
              count++;
              nonZero += l > 0 ? 1 : 0;
            }
          }
        }
      }
      double[] divisors = {1, considered, count, nonZero};
      for (AllTripletsLoss.Over over : AllTripletsLoss.Over.values()) {
        LossValue value = new AllTripletsLoss(margin, anchors, over).of(features, labels);
        double expected = sum / divisors[over.ordinal()];
        assertEquals(expected, value.value().item(), 1e-13 * sum, over.toString());
        assertEquals(anchors == 0 ? 2 : 0, value.skipped(), "labels 2 and 3 are alone");
      }
    }
  }

  @Test
  void easyTripletsHaveNoGradient() {
    Tensor x =
        Tensor.of(Shape.of(4, 1), 0, 0.1, 10, 10.1).requireGradient(true); // far apart by label
    try (Tape tape = Tape.open()) {
      Tensor loss = AllTripletsLoss.of(0.5).of(x, new int[] {0, 0, 1, 1}).value();
      assertEquals(0, loss.item());
      assertArrayEquals(new double[4], tape.backward(loss).of(x).toDoubles());
    }
  }

  @Test
  void tripletMarginAddsEpsToEveryDifference() {
    Tensor a = Tensor.of(Shape.of(1, 4), 1, 2, 3, 4);
    TripletMarginLoss loss = TripletMarginLoss.of(0.1);
    assertEquals(2e-6, loss.distance(a, a).item(), 1e-18, "eps·√4");
    assertEquals(0.1, loss.of(a, a, a).item(), 1e-15, "collapsed: the margin itself");
  }

  // ---- ranks and cosines ----

  /** As the temperature falls, the loss becomes 1 − AP. */
  @Test
  void smoothApBecomesAp() {
    int[] labels = {0, 1, 0, 1, 0, 0, 1, 2};
    Tensor features = points(labels.length);
    double[] x = features.toDoubles();
    double sum = 0;
    for (int a = 0; a < 7; a++) {
      sum += averagePrecision(x, labels, a);
    }
    LossValue value = SmoothApLoss.ofDistances(1e-5).of(features, labels);
    assertEquals(1 - sum / 7, value.value().item(), 1e-12);
    assertEquals(1, value.skipped(), "label 2 is alone");
  }

  private static double averagePrecision(double[] x, int[] labels, int anchor) {
    List<Integer> ranking =
        IntStream.range(0, labels.length)
            .filter(j -> j != anchor)
            .boxed()
            .sorted((i, j) -> Double.compare(square(x, anchor, i), square(x, anchor, j)))
            .toList();
    int hits = 0;
    double sum = 0;
    for (int rank = 1; rank <= ranking.size(); rank++) {
      if (labels[ranking.get(rank - 1)] == labels[anchor]) {
        sum += (double) ++hits / rank;
      }
    }
    return sum / hits;
  }

  @Test
  void ntXentIsTheMeanOverPairsByItsDefinition() {
    int[] labels = {0, 0, 1, 1, 1, 2};
    Tensor features = points(labels.length);
    double[] x = features.normalize(1, 0).toDoubles();
    double t = 0.3;
    double sum = 0;
    int pairs = 0;
    for (int a = 0; a < labels.length; a++) {
      double negatives = 0;
      for (int n = 0; n < labels.length; n++) {
        negatives += labels[n] == labels[a] ? 0 : Math.exp(cosine(x, a, n) / t);
      }
      for (int p = 0; p < labels.length; p++) {
        if (p != a && labels[p] == labels[a]) {
          double positive = Math.exp(cosine(x, a, p) / t);
          sum -= Math.log(positive / (positive + negatives));
          pairs++;
        }
      }
    }
    LossValue value = new NTXentLoss(t, DotProduct.cosine()).of(features, labels);
    assertEquals(sum / pairs, value.value().item(), 1e-13);
    assertEquals(5, value.used());
  }

  private static double cosine(double[] unit, int i, int j) {
    return IntStream.range(0, WIDTH)
        .mapToDouble(k -> unit[i * WIDTH + k] * unit[j * WIDTH + k])
        .sum();
  }

  @Test
  void relationLossesByTheirDefinition() {
    boolean[][] relation = {
      {true, false, true, false}, {false, false, false, false}, {true, true, true, true}
    };
    Tensor queries = points(3);
    Tensor items = points(7).slice(0, 3, 7);
    double[] p =
        queries
            .normalize(1, 0)
            .matmul(items.normalize(1, 0), false, true)
            .div(0.1)
            .softmax(1)
            .toDoubles();
    double inside = 0;
    double each = 0;
    for (int q : new int[] {0, 2}) {
      double together = 0;
      double logs = 0;
      int answers = 0;
      for (int i = 0; i < 4; i++) {
        together += relation[q][i] ? p[q * 4 + i] : 0;
        logs += relation[q][i] ? Math.log(p[q * 4 + i]) : 0;
        answers += relation[q][i] ? 1 : 0;
      }
      inside -= Math.log(together) / 2;
      each -= logs / answers / 2;
    }
    double[] expected = {inside, each, inside + each};
    for (RelationLoss.Kind kind : RelationLoss.Kind.values()) {
      LossValue value = new RelationLoss(kind, 0.1).of(queries, items, relation);
      assertEquals(expected[kind.ordinal()], value.value().item(), 1e-12, kind.toString());
      assertEquals(2, value.used());
      assertEquals(1, value.skipped());
    }
    boolean[][] none = new boolean[3][4];
    assertEquals(
        0, new RelationLoss(RelationLoss.Kind.MIX, 0.1).of(queries, items, none).value().item());
  }

  // ---- cross-entropy ----

  @Test
  void ignoredRowsPlayNoPart() {
    Tensor logits = points(3);
    double alone = CrossEntropyLoss.plain().of(logits.slice(0, 1, 2), new int[] {2}).value().item();
    LossValue value = CrossEntropyLoss.plain().of(logits, new int[] {-100, 2, -100});
    assertEquals(alone, value.value().item(), 1e-15);
    assertEquals(2, value.skipped());
    LossValue nothing = CrossEntropyLoss.plain().of(logits, new int[] {-100, -100, -100});
    assertEquals(0, nothing.value().item());
  }

  @Test
  void aLabelThatIsNoClassIsNamed() {
    UserError e =
        assertThrows(
            UserError.class, () -> CrossEntropyLoss.plain().of(points(2), new int[] {0, 3}));
    assertTrue(e.getMessage().contains("3 in row 1"), e.getMessage());
  }

  @Test
  void unreducedLossesAddUp() {
    Tensor logits = points(4);
    int[] labels = {0, 2, 1, 0};
    double[] weights = {1, 2, 4};
    double[] each =
        new CrossEntropyLoss(0.1, weights, -100, Reduction.NONE)
            .of(logits, labels)
            .value()
            .toDoubles();
    double sum = Arrays.stream(each).sum();
    double mean =
        new CrossEntropyLoss(0.1, weights, -100, Reduction.MEAN).of(logits, labels).value().item();
    assertEquals(sum / (1 + 4 + 2 + 1), mean, 1e-14);
  }
}
