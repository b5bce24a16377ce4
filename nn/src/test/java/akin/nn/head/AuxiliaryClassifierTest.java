package akin.nn.head;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Parameter;
import akin.nn.metric.LossValue;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The classifier beside a ranking loss, and the simple head of the same project. */
class AuxiliaryClassifierTest {
  private static final int WIDTH = 6;
  private static final int CLASSES = 3;

  private Backend backend;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private static Tensor rows(int n) {
    RandomStream stream = RandomStream.of(5, "rows");
    double[] x = IntStream.range(0, n * WIDTH).mapToDouble(stream::uniform).toArray();
    return Tensor.of(Shape.of(n, WIDTH), x);
  }

  private AuxiliaryClassifier classifier(int hidden, double temperature, double smoothing) {
    AuxiliaryClassifier made =
        new AuxiliaryClassifier(
            WIDTH, CLASSES, new AuxiliaryClassifier.Options(hidden, temperature, smoothing));
    made.initialise(backend, 1);
    return made;
  }

  /** −Σ_c t_c·ln softmax_c(z/T) with t_y = 1 − s + s/C and t_c = s/C, averaged. */
  private static double expected(double[] logits, int[] labels, double t, double s) {
    double sum = 0;
    int used = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= 0) {
        int from = i * CLASSES;
        double[] z = Arrays.stream(logits, from, from + CLASSES).map(v -> v / t).toArray();
        double total = Math.log(Arrays.stream(z).map(Math::exp).sum());
        for (int c = 0; c < CLASSES; c++) {
          sum += ((c == labels[i] ? 1 - s : 0) + s / CLASSES) * (total - z[c]);
        }
        used++;
      }
    }
    return sum / used;
  }

  @Test
  void theLossIsTheSmoothedCrossEntropyAtItsTemperature() {
    int[] labels = {0, 2, -1, 1};
    for (int hidden : new int[] {0, 5}) {
      try (AuxiliaryClassifier classifier = classifier(hidden, 0.5, 0.1);
          Scope scope = Scope.open(backend)) {
        double[] logits = classifier.apply(rows(4)).toDoubles();
        LossValue loss = classifier.loss(rows(4), labels);
        assertEquals(expected(logits, labels, 0.5, 0.1), loss.value().item(), 1e-12);
        assertEquals(List.of(3, 1), List.of(loss.used(), loss.skipped()));
      }
    }
  }

  @Test
  void withoutKnownClassesThereIsNothingToLearn() {
    try (AuxiliaryClassifier classifier = classifier(0, 0.5, 0.1);
        Tape tape = Tape.open(backend)) {
      Tensor x = rows(2).requireGradient(true);
      Tensor loss = classifier.loss(x, new int[] {-1, -1}).value();
      assertEquals(0, loss.item());
      assertTrue(Arrays.stream(tape.backward(loss).of(x).toDoubles()).allMatch(g -> g == 0));
    }
  }

  @Test
  void everyWeightLearns() {
    try (AuxiliaryClassifier classifier = classifier(5, 0.5, 0.1);
        Tape tape = Tape.open(backend)) {
      var gradients = tape.backward(classifier.loss(rows(4), new int[] {0, 1, 2, 1}).value());
      for (Parameter p : classifier.parameters()) {
        double[] g = gradients.of(p.tensor()).toDoubles();
        assertTrue(Arrays.stream(g).anyMatch(v -> v != 0), p.name());
      }
    }
  }

  @Test
  void theFlatHeadTellsWhereOnTheMapSomethingIs() {
    try (FlatHead head = new FlatHead(2, 4, 3);
        Scope scope = Scope.open(backend)) {
      head.initialise(backend, 1);
      head.eval();
      double[] cells = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
      Tensor y = head.apply(Tensor.of(Shape.of(2, 2, 2, 2), cells));
      assertEquals(Shape.of(2, 3), y.shape());
      double[] rows = y.toDoubles();
      assertTrue(
          IntStream.range(0, 3).anyMatch(i -> Math.abs(rows[i] - rows[i + 3]) > 1e-6),
          "the same mark in another corner is another picture");
    }
  }
}
