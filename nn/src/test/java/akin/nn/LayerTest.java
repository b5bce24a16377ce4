package akin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.LabConvNet;
import akin.nn.backbone.SmallConvNet;
import akin.nn.head.AttributeNet;
import akin.nn.head.EmbeddingHead;
import akin.nn.head.HiddenHead;
import akin.nn.head.QueryNet;
import akin.tensor.Gradients;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LayerTest {
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
    assertEquals(0, backend.memory().liveBuffers(), "everything is given back");
    backend.close();
  }

  // ---- memory ----

  @Test
  void withoutATapeWhatWasMadeOnTheWayIsGivenBack() {
    Layer net = new Sequential(new Linear(3, 4), new Linear(4, 5), new Linear(5, 2));
    net.initialise(backend, 1);
    Tensor x = Tensor.full(Shape.of(7, 3), 0.5);
    long before = backend.memory().liveBuffers();
    Tensor y = net.apply(x);
    assertEquals(before + 1, backend.memory().liveBuffers(), "the output");
    assertEquals(Shape.of(7, 2), y.shape());
    try (Tape tape = Tape.open(backend)) {
      net.apply(x);
      assertTrue(backend.memory().liveBuffers() > before + 3, "a tape needs what is between");
    }
    net.close();
  }

  // ---- names and sizes ----

  @Test
  void sizesAreThoseOfTheSpecification() {
    assertEquals(30_634, new LabConvNet().parameterCount());
    assertEquals(614_700, new EmbeddingHead(2048, 300).parameterCount());
    assertEquals(103_200, new AttributeNet(40, AttributeNet.Options.standard()).parameterCount());
  }

  @Test
  void namesAndOrderAreThoseOfTorchvision() {
    Layer net = new SmallConvNet(new SmallConvNet.Options(3, new int[] {4, 8}, 1));
    net.initialise(backend, 1);
    List<String> names = List.copyOf(StateDict.of(net).values().keySet());
    assertEquals(
        List.of(
            "conv1.weight",
            "bn1.weight",
            "bn1.bias",
            "bn1.running_mean",
            "bn1.running_var",
            "bn1.num_batches_tracked",
            "layer1.0.conv1.weight"),
        names.subList(0, 7));
    assertTrue(names.contains("layer2.0.downsample.1.num_batches_tracked"), names.toString());
    assertFalse(names.contains("layer1.0.downsample.0.weight"), "equal sizes need no projection");
    net.close();
  }

  @Test
  void smallNetTakesPicturesOf32To96Pixels() {
    SmallConvNet net = new SmallConvNet(new SmallConvNet.Options(3, new int[] {2, 3, 4, 5}, 2));
    net.initialise(backend, 1);
    for (int side : new int[] {32, 33, 64, 96}) {
      Tensor x = Tensor.full(Shape.of(2, 3, side, side), 0.5);
      assertEquals(Shape.of(2, net.width()), net.apply(x).shape());
    }
    net.close();
  }

  @Test
  void headsGiveUnitRows() {
    Bundle net =
        new Bundle()
            .with("linear", new EmbeddingHead(5, 4))
            .with("hidden", new HiddenHead(5, new HiddenHead.Options(6, 4, 0.2)))
            .with("query", new QueryNet(3, new AttributeNet.Options(6, 4, 1e-3, true)));
    net.initialise(backend, 1);
    double[] values = {1, 2, 3, 4, 5, -5, 4, -3, 2, -1};
    for (String head : List.of("linear", "hidden")) {
      assertUnit(net.children().get(head).apply(Tensor.of(Shape.of(2, 5), values)));
    }
    QueryNet queries = (QueryNet) net.children().get("query");
    float[] bits = queries.bits(new int[] {0}, new int[] {2});
    assertArrayEquals(new float[] {1, 0, 0, 0, 0, 1}, bits);
    net.eval();
    assertUnit(queries.apply(Tensor.of(Shape.of(1, 6), bits)));
    assertThrows(IndexOutOfBoundsException.class, () -> queries.bits(new int[] {3}, new int[0]));
    net.close();
  }

  private static void assertUnit(Tensor rows) {
    for (double length : rows.square().sum(false, 1).toDoubles()) {
      assertEquals(1, length, 1e-12);
    }
  }

  // ---- first values ----

  @Test
  void firstValuesDependOnSeedAndNameOnly() {
    Layer alone = new Sequential(new Linear(3, 4));
    alone.initialise(backend, 7);
    Layer longer = new Sequential(new Linear(3, 4), new Linear(4, 4));
    longer.initialise(backend, 7);
    Layer otherSeed = new Sequential(new Linear(3, 4));
    otherSeed.initialise(backend, 8);
    double[] values = weight(alone, 0).toDoubles();
    assertArrayEquals(values, weight(longer, 0).toDoubles());
    assertFalse(Arrays.equals(values, weight(otherSeed, 0).toDoubles()));
    List.of(alone, longer, otherSeed).forEach(Layer::close);
  }

  @Test
  void defaultsAreUniformInOneOverTheRootOfTheInputs() {
    Linear linear = new Linear(50, 400);
    linear.initialise(backend, 1);
    assertUniform(linear.weight().tensor(), 1 / Math.sqrt(50));
    assertUniform(linear.bias().tensor(), 1 / Math.sqrt(50));
    Conv2d conv = new Conv2d(4, 60, Conv2d.Options.kernel(3).groups(2));
    conv.initialise(backend, 1);
    assertEquals(Shape.of(60, 2, 3, 3), conv.weight().shape());
    assertUniform(conv.weight().tensor(), 1 / Math.sqrt(18));
    linear.close();
    conv.close();
  }

  /** Within ±bound, reaching near it, and of variance bound²/3 within five standard errors. */
  private static void assertUniform(Tensor values, double bound) {
    double[] v = values.toDoubles();
    double largest = Arrays.stream(v).map(Math::abs).max().orElseThrow();
    assertTrue(largest <= bound && largest > 0.95 * bound, largest + " of " + bound);
    double variance = Arrays.stream(v).map(x -> x * x).average().orElseThrow();
    // the variance of x² is b⁴·4/45
    double error = bound * bound * Math.sqrt(4.0 / 45 / v.length);
    assertEquals(bound * bound / 3, variance, 5 * error);
  }

  private static Tensor weight(Layer net, int index) {
    return net.parameters().get(index).tensor();
  }

  // ---- modes ----

  @Test
  void dropoutIsAFunctionOfStepAndPass() {
    Layer net = new Sequential(new Dropout(0.5), new Dropout(0.5));
    net.initialise(backend, 3);
    Tensor ones = Tensor.full(Shape.of(1, 64), 1);
    net.step(5);
    double[] first = net.apply(ones).toDoubles();
    double[] second = net.apply(ones).toDoubles();
    assertFalse(Arrays.equals(first, second), "two passes of a step differ");
    net.step(6);
    assertFalse(Arrays.equals(first, net.apply(ones).toDoubles()), "steps differ");
    net.step(5);
    assertArrayEquals(first, net.apply(ones).toDoubles(), "a step can be repeated");
    double[] one = net.children().get("0").apply(ones).toDoubles();
    assertFalse(
        Arrays.equals(one, net.children().get("1").apply(ones).toDoubles()), "layers differ");
    net.eval();
    assertArrayEquals(ones.toDoubles(), net.apply(ones).toDoubles());
    net.close();
  }

  @Test
  void batchNormLearnsItsStatisticsInTrainingOnly() {
    BatchNorm norm = new BatchNorm(1, 0, 0.5);
    norm.initialise(backend, 1);
    Tensor x = Tensor.of(Shape.of(2, 1), 1, 3); // mean 2, variance 1, unbiased 2
    assertArrayEquals(new double[] {-1, 1}, norm.apply(x).toDoubles(), 1e-15);
    StateDict state = StateDict.of(norm);
    assertEquals(1, state.values().get("running_mean").doubles()[0], 1e-15); // ½·0 + ½·2
    assertEquals(1.5, state.values().get("running_var").doubles()[0], 1e-15); // ½·1 + ½·2
    assertEquals(1, norm.batches());
    norm.eval();
    assertArrayEquals(new double[] {0, 2 / Math.sqrt(1.5)}, norm.apply(x).toDoubles(), 1e-15);
    assertEquals(1, norm.batches());
    norm.close();
  }

  @Test
  void standardizeTakesGivenFigures() {
    Standardize layer = new Standardize(2);
    layer.initialise(backend, 1);
    layer.set(new double[] {1, 2}, new double[] {0.5, 0}, 0.5);
    Tensor y = layer.apply(Tensor.of(Shape.of(1, 2), 3, 4));
    assertArrayEquals(new double[] {2, 4}, y.toDoubles(), 1e-15);
    assertTrue(layer.parameters().isEmpty(), "they do not learn");
    layer.close();
  }

  /** Few values, so that windows hold many ties, at zero and above it. */
  @Test
  void aReluAfterTheMaximumIsTheReluBefore() {
    Shape shape = Shape.of(2, 3, 9, 8);
    double[] values = new double[(int) shape.count()];
    Random random = new Random(1);
    Arrays.setAll(values, i -> random.nextInt(5) - 2);
    for (Layer net :
        List.of(
            new Sequential(Activation.relu(), Pool.max(2, 2, 0)),
            new Sequential(Activation.relu(), Pool.max(3, 2, 1)),
            new Sequential(Activation.relu(), Pool.adaptiveMax(4, 3)),
            new Sequential(new BatchNorm(3), Activation.relu(), Pool.max(2, 2, 0)))) {
      net.initialise(backend, 1);
      BatchNorm.holdStatistics(net, true); // or the ReLU is done with it
      List<double[]> swapped = valuesAndGradient(net, Tensor.of(shape, values));
      long less = lastLive;
      net.observe((path, y) -> {});
      List<double[]> asWritten = valuesAndGradient(net, Tensor.of(shape, values));
      assertArrayEquals(asWritten.get(0), swapped.get(0));
      assertArrayEquals(asWritten.get(1), swapped.get(1));
      assertTrue(less < lastLive, "the large ReLU is not kept");
      net.close();
    }
  }

  @Test
  void aReluJoinedWithItsBatchNormIsTheReluAfterIt() {
    Shape shape = Shape.of(4, 3, 9, 8);
    double[] values = new double[(int) shape.count()];
    Random random = new Random(2);
    Arrays.setAll(values, i -> 5 * random.nextGaussian());
    for (Activation f : List.of(Activation.relu(), Activation.relu6(), Activation.silu())) {
      Layer net = new Sequential(new BatchNorm(3), f);
      net.initialise(backend, 1);
      List<double[]> joined = valuesAndGradient(net, Tensor.of(shape, values));
      long less = lastLive;
      net.observe((path, y) -> {});
      List<double[]> asWritten = valuesAndGradient(net, Tensor.of(shape, values));
      assertArrayEquals(asWritten.get(0), joined.get(0));
      assertArrayEquals(asWritten.get(1), joined.get(1));
      assertEquals(f.joined != null, less < lastLive, "only one of two outputs is kept");
      net.close();
    }
  }

  private long lastLive; // bytes that the last forward pass left

  private List<double[]> valuesAndGradient(Layer net, Tensor x) {
    x.requireGradient(true);
    try (Tape tape = Tape.open(backend)) {
      long before = backend.memory().liveBytes();
      Tensor y = net.apply(x);
      lastLive = backend.memory().liveBytes() - before;
      double[] dy = new double[(int) y.shape().count()];
      Arrays.setAll(dy, i -> i + 1);
      Gradients gradients = tape.backward(y, Tensor.of(y.shape(), dy));
      return List.of(y.toDoubles(), gradients.of(x).toDoubles());
    }
  }

  @Test
  void frozenLayersHaveNoGradient() {
    Layer net = new Sequential(new Linear(2, 2), new Linear(2, 1));
    net.initialise(backend, 1);
    net.children().get("0").freeze(true);
    try (Tape tape = Tape.open()) {
      Gradients gradients = tape.backward(net.apply(Tensor.full(Shape.of(3, 2), 1)).sum());
      assertFalse(gradients.has(weight(net, 0)));
      assertTrue(gradients.has(weight(net, 2)));
    }
    net.close();
  }

  // ---- mistakes ----

  @Test
  void shapesThatDoNotFitNameTheLayer() {
    Layer net = new Sequential(new Linear(2, 3), new Sequential(new Linear(4, 1)));
    net.initialise(backend, 1);
    Tensor x = Tensor.full(Shape.of(5, 2), 1);
    ShapeException e = assertThrows(ShapeException.class, () -> net.apply(x));
    assertTrue(e.getMessage().contains("1.0"), e.getMessage());
    assertEquals("", Tape.path(), "the path is left behind");
    net.close();
  }

  @Test
  void aLayerHasOnePlaceAndOneLife() {
    Layer shared = new Linear(2, 2);
    assertThrows(IllegalStateException.class, () -> new Sequential(shared, shared));
    Layer net = new Linear(2, 2);
    assertThrows(
        IllegalStateException.class,
        () -> net.apply(Tensor.full(Shape.of(1, 2), 1)),
        "without values");
    net.initialise(backend, 1);
    assertThrows(IllegalStateException.class, () -> net.initialise(backend, 1));
    assertThrows(IllegalStateException.class, () -> new Sequential(net));
    net.close();
    assertThrows(
        UnsupportedOperationException.class,
        () -> new Bundle().with("part", new Flatten()).apply(Tensor.scalar(1)));
  }
}
