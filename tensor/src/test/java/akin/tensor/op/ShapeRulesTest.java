package akin.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Noise;
import akin.tensor.backend.PoolShape;
import akin.tensor.backend.Reduction;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which shapes operators take and give, and how they refuse others: with the numbers. */
class ShapeRulesTest {
  private static final RandomStream STREAM = RandomStream.of(1, "shapes");

  private final Backend backend = new ReferenceBackend();
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open(backend);
  }

  @AfterEach
  void close() {
    scope.close();
    assertEquals(0, backend.memory().liveBuffers());
  }

  private static Shape s(long... sizes) {
    return Shape.of(sizes);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        refusal(new MatMul(false, false), "3 ≠ 4", s(2, 3), s(4, 5)),
        refusal(new MatMul(true, false), "2 ≠ 3", s(2, 3), s(3, 5)),
        refusal(new MatMul(false, false), "batch axes differ", s(2, 2, 3), s(4, 3, 5)),
        refusal(new MatMul(false, false), "rank ≥ 2", s(3), s(3)),
        refusal(new Reshape(s(2, 4)), "6 ≠ 8", s(2, 3)),
        refusal(new Expand(s(2, 4)), "3 ≠ 4", s(3)),
        refusal(new Expand(s(4)), "to      [4]", s(2, 4)),
        refusal(new Reduce(Reduction.SUM, false, 2), "axis = 2", s(2, 3)),
        refusal(new Reduce(Reduction.MAX, false, 1), "nothing to reduce", s(2, 0)),
        refusal(new Conv2d(ConvShape.Window.plain(), 1), "3 ≠ 1 × 1", s(1, 3, 8, 8), s(4, 1, 3, 3)),
        refusal(
            new Conv2d(ConvShape.Window.plain(), 1), "O = 4", s(1, 3, 8, 8), s(4, 3, 3, 3), s(3)),
        refusal(Pool2d.square(PoolShape.Kind.MAX, 2, 2, 0), "[N,C,H,W]", s(3, 8, 8)),
        refusal(Pool2d.square(PoolShape.Kind.MAX, 2, 2, 2), "padding ≤ kernel / 2", s(1, 3, 8, 8)),
        refusal(new AdaptivePool2d(PoolShape.Kind.MAX, 2, 2), "[N,C,H,W]", s(3, 8, 8)),
        refusal(new BatchNorm(false, 0.1, 1e-5), "C = 3", s(2, 3), s(3), s(3), s(3), s(4)),
        refusal(new BatchNorm(true, 0.1, 1e-5), "N·H·W ≥ 2", s(1, 3), s(3), s(3), s(3), s(3)),
        refusal(new LayerNorm(1e-5), "gamma   [2]", s(2, 3), s(2), s(2)),
        refusal(new Softmax(false, -3), "axis = -3", s(2, 3)),
        refusal(new CrossEntropy(), "[N,C] both", s(2, 3), s(3, 3)),
        refusal(new Normalize(1, 1e-12), "axis = 1", s(3)),
        refusal(new Distances(Distance.L1), "A [N,D], B [M,D]", s(2, 3), s(2, 4)),
        refusal(new GatherRows(0, 2), "row = 2", s(2, 3)),
        refusal(new ScatterAddRows(new int[] {0, -1}, 4), "row = -1", s(2, 3)),
        refusal(new ScatterAddRows(new int[] {0}, 4), "2 ≠ 1", s(2, 3)),
        refusal(new Concat(0), "at least one tensor"),
        refusal(new Concat(0), "but for axis 0", s(2, 3), s(2, 4)),
        refusal(new Slice(1, 2, 4), "from 2 to 4", s(2, 3)),
        refusal(new Pad(1, -2, -2, 0), "size = 3", s(2, 3)),
        refusal(new Permute(0, 0), "rank = 2", s(2, 3)),
        refusal(new BinaryOp(Binary.ADD), "3 ≠ 4", s(2, 3), s(4)));
  }

  private static Arguments refusal(Op op, String told, Shape... in) {
    return Arguments.of(op, told, in);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalsTellTheNumbers(Op op, String told, Shape... in) {
    Tensor[] inputs = Stream.of(in).map(Tensor::zeros).toArray(Tensor[]::new);
    ShapeException e = assertThrows(ShapeException.class, () -> Tensor.apply(op, inputs));
    assertTrue(e.getMessage().contains(told), e.getMessage());
    assertTrue(e.getMessage().contains("needed"), e.getMessage());
  }

  @Test
  void labelsAreClasses() {
    Tensor logits = Tensor.zeros(s(2, 3));
    ShapeException e =
        assertThrows(ShapeException.class, () -> logits.crossEntropy(new int[] {0, 3}, 0));
    assertTrue(e.getMessage().contains("0 ≤ label < 3;  label = 3"), e.getMessage());
  }

  @Test
  void matmulStretchesBatchAxes() {
    assertEquals(s(5, 2, 3, 7), product(s(2, 3, 4), s(5, 1, 4, 7)));
    assertEquals(s(5, 2, 3, 7), product(s(5, 2, 3, 4), s(4, 7)));
    assertEquals(s(5, 3, 7), product(s(3, 4), s(5, 4, 7)));
    assertThrows(ShapeException.class, () -> product(s(2, 3, 4), s(5, 4, 7)));
  }

  private static Shape product(Shape a, Shape b) {
    return Tensor.zeros(a).matmul(Tensor.zeros(b)).shape();
  }

  @Test
  void oneSizeOfAReshapeIsLeftOpen() {
    Tensor x = Tensor.zeros(s(2, 3, 4));
    assertEquals(s(6, 4), x.reshape(-1, 4).shape());
    assertEquals(s(2, 12), x.flatten(1).shape());
    assertEquals(s(24), x.flatten(0).shape());
    assertThrows(ShapeException.class, () -> x.reshape(-1, 5));
    assertThrows(ShapeException.class, () -> x.reshape(-1, -1));
  }

  @Test
  void reductionsTakeAnyAxes() {
    Tensor x = Tensor.zeros(s(2, 3, 4, 5));
    assertEquals(s(3, 5), x.sum(false, 0, 2).shape());
    assertEquals(s(1, 3, 1, 5), x.mean(true, -2, 0).shape());
    assertEquals(s(1, 1, 1, 1), x.amax(true).shape());
    assertEquals(s(), x.amin(false).shape());
    assertEquals(0, Tensor.zeros(s(0)).sum().item());
  }

  @Test
  void stackAndConcat() {
    Tensor a = Tensor.of(s(2), 1, 2);
    Tensor b = Tensor.of(s(2), 3, 4);
    assertArrayEquals(new double[] {1, 2, 3, 4}, Tensor.concat(0, a, b).toDoubles());
    assertArrayEquals(new double[] {1, 2, 3, 4}, Tensor.stack(0, a, b).toDoubles());
    assertArrayEquals(new double[] {1, 3, 2, 4}, Tensor.stack(-1, a, b).toDoubles());
    assertEquals(s(2, 2), Tensor.stack(1, a, b).shape());
  }

  @Test
  void dropoutHasTheSameMaskForwardAndBackward() {
    try (Tape tape = Tape.open()) {
      Tensor x = Tensor.full(s(1000), 1).requireGradient(true);
      Tensor y = x.dropout(0.25, STREAM);
      double[] values = y.toDoubles();
      double[] gradient = tape.backward(y.sum()).of(x).toDoubles();
      assertArrayEquals(values, gradient);
      long kept =
          Stream.of(values).flatMapToDouble(java.util.Arrays::stream).filter(v -> v != 0).count();
      // binomial: 750 ± 5 deviations of √(1000·0.25·0.75) = 13.7
      assertEquals(750, kept, 5 * 13.7);
      assertEquals(1 / 0.75, Arrays.stream(values).max().orElseThrow());
    }
    assertThrows(IllegalArgumentException.class, () -> new Dropout(1, STREAM));
  }

  @Test
  void randomTensorsAreFunctionsOfTheStream() {
    double[] once = Tensor.random(s(5), Noise.NORMAL, STREAM, 2, 3).toDoubles();
    double[] again = Tensor.random(s(7), Noise.NORMAL, STREAM, 2, 3).toDoubles();
    assertArrayEquals(once, Arrays.copyOf(again, 5));
    assertEquals(2 + 3 * STREAM.gaussian(4), once[4]);
  }
}
