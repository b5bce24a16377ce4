package akin.nn.metric.pair;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batch hard and HAP2S by their definitions; no library has values of them. */
class HardLossesTest {
  private static final LpDistance PLAIN = LpDistance.plain();

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

  private final int[] labels = {0, 1, 0, 2, 1, 0, 3, 1};
  private final double[] x = // numbers on a line: distances are differences
      IntStream.range(0, labels.length)
          .mapToDouble(RandomStream.of(3, "line")::gaussian)
          .map(v -> 2 * v)
          .toArray();

  private double of(Loss loss) {
    return loss.of(Tensor.of(Shape.of(x.length, 1), x), labels).value().item();
  }

  private double[] distances(int anchor, boolean positives) {
    return IntStream.range(0, x.length)
        .filter(j -> j != anchor && (labels[j] == labels[anchor]) == positives)
        .mapToDouble(j -> Math.abs(x[j] - x[anchor]))
        .toArray();
  }

  /** What an anchor's distances to its positives or negatives become. */
  private interface Summary {
    double of(double[] d, boolean positives);
  }

  private double mean(Summary summary, DoubleUnaryOperator penalty) {
    return IntStream.of(0, 1, 2, 4, 5, 7) // the others have no positives
        .mapToDouble(
            a -> summary.of(distances(a, true), true) - summary.of(distances(a, false), false))
        .map(penalty)
        .average()
        .orElseThrow();
  }

  private static double softplus(double z) {
    return Math.log1p(Math.exp(z));
  }

  @Test
  void batchHardTakesTheFarthestPositiveAndTheNearestNegative() {
    Summary hardest =
        (d, positives) ->
            (positives ? Arrays.stream(d).max() : Arrays.stream(d).min()).orElseThrow();
    assertEquals(
        mean(hardest, HardLossesTest::softplus), of(BatchHardSoftMarginLoss.usual()), 1e-14);
    assertEquals(
        mean(hardest, z -> Math.max(0, z + 0.4)),
        of(new BatchHardSoftMarginLoss(Penalty.hinge(0.4), PLAIN)),
        1e-14);
  }

  @Test
  void hap2sWeighsByPowersOrExponentials() {
    for (double epsilon : new double[] {0, 1e-6}) {
      Summary polynomial =
          (d, positives) ->
              weighed(d, v -> Math.pow(Math.min(v + 1, 100), positives ? 10 : -20), epsilon);
      Hap2sLoss.Weights ten = Hap2sLoss.Weights.polynomial(10);
      assertEquals(
          mean(polynomial, HardLossesTest::softplus),
          of(new Hap2sLoss(ten, epsilon, Penalty.softMargin(), PLAIN)),
          1e-12);
      Summary exponential =
          (d, positives) -> weighed(d, v -> Math.exp((positives ? 1 : -2) * v / 0.5), epsilon);
      Hap2sLoss.Weights half = Hap2sLoss.Weights.exponential(0.5);
      assertEquals(
          mean(exponential, z -> Math.max(0, z + 0.3)),
          of(new Hap2sLoss(half, epsilon, Penalty.hinge(0.3), PLAIN)),
          1e-12);
    }
  }

  private static double weighed(double[] d, DoubleUnaryOperator weight, double epsilon) {
    double sum = DoubleStream.of(d).map(weight).sum() + epsilon;
    return DoubleStream.of(d).map(v -> weight.applyAsDouble(v) * v).sum() / sum;
  }

  /** ∂D⁺/∂d_j = (w_j + d_j·w'_j − D⁺·w'_j)/S, w'(d) = α(d + 1)^(α − 1): of one anchor at 0. */
  @Test
  void gradientsOfHap2sAreThoseOfItsWeights() {
    double[] d = {0.4, 1.1, 0.9, 1.7};
    double[] at = DoubleStream.concat(DoubleStream.of(d), DoubleStream.of(0.8, 1.4)).toArray();
    Tensor anchor = Tensor.zeros(Shape.of(1, 1));
    Tensor items = Tensor.of(Shape.of(at.length, 1), at).requireGradient(true);
    double[] g;
    double z;
    try (Tape tape = Tape.open()) {
      Batch batch = Batch.of(anchor, new int[] {1}, items, new int[] {1, 1, 1, 1, 0, 0});
      Tensor value = Hap2sLoss.usual().of(batch).value();
      z = Math.log(Math.expm1(value.item())); // softplus back
      g = tape.backward(value).of(items).toDoubles();
    }
    double slope = 1 / (1 + Math.exp(-z));
    check(d, 0, 10, slope, g);
    check(new double[] {0.8, 1.4}, d.length, -20, -slope, g);
  }

  private static void check(double[] d, int from, double alpha, double times, double[] gradients) {
    double sum = DoubleStream.of(d).map(v -> Math.pow(v + 1, alpha)).sum() + 1e-6;
    double mean = weighed(d, v -> Math.pow(v + 1, alpha), 1e-6);
    for (int j = 0; j < d.length; j++) {
      double w = Math.pow(d[j] + 1, alpha);
      double slope = alpha * Math.pow(d[j] + 1, alpha - 1);
      double expected = times * (w + d[j] * slope - mean * slope) / sum;
      assertEquals(expected, gradients[from + j], 1e-12);
    }
  }

  /** 100^−20 is 0 in float32, and the mean of such weights would be 0/0. */
  @Test
  void farNegativesDoNotUnderflow() {
    try (Backend cpu = Backends.open("cpu", 1);
        Scope open = Scope.open(cpu)) {
      Tensor line = Tensor.of(Shape.of(4, 1), 0, 1, 150, -250);
      Hap2sLoss loss =
          new Hap2sLoss(Hap2sLoss.Weights.polynomial(10), 0, Penalty.hinge(1000), PLAIN);
      Batch batch =
          Batch.of(line.slice(0, 0, 1), new int[] {0}, line.slice(0, 1, 4), new int[] {0, 1, 1});
      // both negatives weigh 100^−20: their mean is 200
      assertEquals(1 - 200 + 1000, loss.of(batch).value().item(), 1e-3);
    }
  }
}
