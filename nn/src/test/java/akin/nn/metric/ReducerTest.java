package akin.nn.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.reduce.ClassWeightedReducer;
import akin.nn.metric.reduce.DivisorReducer;
import akin.nn.metric.reduce.PerAnchorReducer;
import akin.nn.metric.reduce.ThresholdReducer;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What reducers make of losses, and what share of the gradient each loss has. */
class ReducerTest {
  private static final double[] LOSSES = {3, 0, -1, 0.5, 2};
  private static final int[] ANCHORS = {0, 2, 2, 0, 3}; // 1 has none
  private static final int[] LABELS = {1, 0, 0, 2};

  /** The reducer, and the factor of each loss; counts are no more than factors. */
  static Stream<Arguments> reducers() {
    double third = 1.0 / 3;
    return Stream.of(
        Arguments.of("mean", Reducer.MEAN, new double[] {0.2, 0.2, 0.2, 0.2, 0.2}),
        Arguments.of("sum", Reducer.SUM, new double[] {1, 1, 1, 1, 1}),
        Arguments.of("above 0", Reducer.NON_ZERO, new double[] {third, 0, 0, third, third}),
        Arguments.of(
            "divisor", new DivisorReducer(8), new double[] {0.125, 0.125, 0.125, 0.125, 0.125}),
        Arguments.of(
            "anchor", new PerAnchorReducer(), new double[] {0.125, 0.125, 0.125, 0.125, 0.25}),
        Arguments.of(
            "class",
            new ClassWeightedReducer(10, 20, 40), // anchors of classes 1 0 0 1 2
            new double[] {4, 2, 2, 4, 8}),
        Arguments.of("bounds", new ThresholdReducer(0, 3), new double[] {0, 0, 0, 0.5, 0.5}),
        Arguments.of(
            "low bound",
            new ThresholdReducer(-0.5, Double.POSITIVE_INFINITY),
            new double[] {0.25, 0.25, 0, 0.25, 0.25}),
        Arguments.of("no loss within", new ThresholdReducer(7, 8), new double[5]));
  }

  private static Batch batch() {
    return Batch.of(Tensor.zeros(Shape.of(4, 2)), LABELS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reducers")
  void eachLossHasItsFactor(String name, Reducer reducer, double... factors) {
    for (String device : List.of("reference", "cpu")) {
      try (Backend backend = Backends.open(device, 1);
          Tape tape = Tape.open(backend)) {
        Tensor losses = Tensor.of(Shape.of(5), LOSSES).requireGradient(true);
        Tensor value = reducer.of(Terms.of(losses, ANCHORS), batch());
        double expected = 0;
        for (int k = 0; k < 5; k++) {
          expected += factors[k] * LOSSES[k];
        }
        // five products and sums, and the factor itself
        double unit = backend.elementBytes() == 4 ? 0x1p-24 : 0x1p-53;
        double bound = 8 * unit * Arrays.stream(factors).map(Math::abs).sum() * 3;
        assertEquals(expected, value.item(), bound, device);
        assertArrayEquals(factors, tape.backward(value).of(losses).toDoubles(), bound, device);
      }
    }
  }

  /** The gradient is that of the sum with the count frozen: nothing flows through counting. */
  @Test
  void nothingFlowsThroughCounts() {
    for (Reducer reducer : List.of(Reducer.NON_ZERO, new ThresholdReducer(0, 9))) {
      try (Backend backend = Backends.open("reference", 1);
          Tape tape = Tape.open(backend)) {
        Tensor losses = Tensor.of(Shape.of(5), LOSSES).requireGradient(true);
        Tensor counting = reducer.of(Terms.of(losses, ANCHORS), batch());
        Tensor frozen = losses.relu().sum().div(3); // three are above 0
        assertEquals(frozen.item(), counting.item(), 1e-15);
        assertEquals(0, tape.backward(counting.sub(frozen)).of(losses).abs().sum().item(), 1e-15);
      }
    }
  }

  @Test
  void whereNoLossIsAboveZeroAllIsZero() {
    for (Reducer reducer : List.of(Reducer.NON_ZERO, new ThresholdReducer(0, 9))) {
      try (Backend backend = Backends.open("reference", 1);
          Tape tape = Tape.open(backend)) {
        Tensor losses = Tensor.of(Shape.of(3), 0, 0, -1).requireGradient(true);
        Tensor value = reducer.of(Terms.of(losses, 0, 1, 2), batch());
        assertEquals(0, value.item());
        double[] g = tape.backward(value).of(losses).toDoubles();
        assertTrue(Arrays.stream(g).allMatch(Double::isFinite), Arrays.toString(g));
        assertEquals(0, g[2]);
      }
    }
  }

  @Test
  void lossesOfNoSample() {
    try (Backend backend = Backends.open("reference", 1);
        Tape tape = Tape.open(backend)) {
      Terms terms = Terms.ofBatch(Tensor.of(Shape.of(2), 1, 4));
      assertEquals(2.5, new PerAnchorReducer().of(terms, batch()).item());
      assertThrows(UserError.class, () -> new ClassWeightedReducer(1, 1, 1).of(terms, batch()));
    }
  }

  @Test
  void whatCannotBeWeighedIsNamed() {
    try (Backend backend = Backends.open("reference", 1);
        Tape tape = Tape.open(backend)) {
      Terms terms = Terms.of(Tensor.of(Shape.of(1), 1), 3);
      UserError e =
          assertThrows(UserError.class, () -> new ClassWeightedReducer(1, 1).of(terms, batch()));
      assertTrue(e.getMessage().contains("class 2"), e.getMessage());
      Tensor x = Tensor.zeros(Shape.of(4, 2));
      Batch unlabelled = Batch.of(x, x, Relation.ofLabels(LABELS));
      assertThrows(UserError.class, () -> new ClassWeightedReducer(1, 1, 1).of(terms, unlabelled));
      assertThrows(UserError.class, () -> new DivisorReducer(0));
    }
  }
}
