package akin.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.backbone.SmallConvNet;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Scaled;
import akin.nn.optim.Schedule;
import akin.nn.optim.Sgd;
import akin.tensor.Gradients;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Noise;
import akin.tensor.reference.ReferenceBackend;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Parts of a network that stand still while others learn. */
class FreezingTest {
  private Backend backend;
  private Scope scope;
  private SmallConvNet backbone;
  private Linear head;
  private Bundle net;

  @BeforeEach
  void open() {
    backend = new ReferenceBackend();
    scope = Scope.open(backend);
    backbone = new SmallConvNet(new SmallConvNet.Options(1, new int[] {2, 3}, 1));
    head = new Linear(3, 2);
    net = new Bundle().with("backbone", backbone).with("head", head);
    net.initialise(backend, 1);
  }

  @AfterEach
  void close() {
    net.close();
    scope.close();
    backend.close();
  }

  private Tensor pictures() {
    return Tensor.random(Shape.of(3, 1, 8, 8), Noise.UNIFORM, RandomStream.of(2, "x"), -1, 1);
  }

  private Tensor embed(Tensor pictures) {
    return head.apply(backbone.apply(pictures));
  }

  private List<String> learning() {
    return net.parameters().stream()
        .filter(p -> p.tensor().requiresGradient())
        .map(Parameter::name)
        .toList();
  }

  // ---- names ----

  @Test
  void aPatternIsANameALayerOrHasStars() {
    NamePattern layer = new NamePattern("a.features.1");
    assertTrue(layer.matches("a.features.1"));
    assertTrue(layer.matches("a.features.1.0.weight"));
    assertFalse(layer.matches("a.features.10.weight"), "a layer ends with its name");
    assertFalse(layer.matches("b.a.features.1.weight"), "a name begins at the outermost layer");
    NamePattern stars = new NamePattern("a.*.bias");
    assertTrue(stars.matches("a.features.1.bias"));
    assertFalse(stars.matches("a.bias"));
    assertFalse(new NamePattern("a.b").matches("axb"), "a dot is a dot");
    assertTrue(new NamePattern("*").matches("anything.at.all"));
  }

  @Test
  void whatMatchesStopsLearningAndLearnsAgain() {
    new NamePattern("backbone").freeze(net, true);
    assertEquals(List.of("head.weight", "head.bias"), learning());
    new NamePattern("backbone.bn1").freeze(net, false);
    assertEquals(
        List.of("backbone.bn1.weight", "backbone.bn1.bias", "head.weight", "head.bias"),
        learning());
  }

  @Test
  void aPatternThatMatchesNothingNamesItsNearest() {
    UserError layer =
        assertThrows(UserError.class, () -> new NamePattern("bakbone").freeze(net, true));
    assertEquals(
        """
        no weight of the network is called 'bakbone'
          rule: a weight's name, a layer's name for all weights inside, or either with *, which \
        stands for any characters
          mend: did you mean backbone?""",
        layer.getMessage());
    UserError weight =
        assertThrows(UserError.class, () -> new NamePattern("head.wieght").weights(net));
    assertTrue(weight.getMessage().endsWith("did you mean head.weight?"), weight.getMessage());
    assertThrows(UserError.class, () -> new NamePattern(" "));
  }

  // ---- work that nobody wants ----

  @Test
  void aFrozenBackboneRecordsNothingBelowTheHead() {
    int alone;
    try (Tape tape = Tape.open()) {
      head.apply(Tensor.full(Shape.of(3, 3), 1));
      alone = tape.length();
    }
    new NamePattern("backbone").freeze(net, true);
    try (Tape tape = Tape.open()) {
      Tensor y = embed(pictures());
      assertEquals(alone, tape.length(), "operators on the tape are the head's");
      Gradients gradients = tape.backward(y.sum());
      for (Parameter p : backbone.parameters()) {
        assertFalse(gradients.has(p.tensor()), p.name());
      }
      assertTrue(gradients.has(head.weight().tensor()));
    }
  }

  @Test
  void gradientsStopAtTheFirstLayerThatLearns() {
    int whole;
    try (Tape tape = Tape.open()) {
      embed(pictures());
      whole = tape.length();
    }
    new NamePattern("backbone").freeze(net, true);
    new NamePattern("backbone.layer2").freeze(net, false);
    try (Tape tape = Tape.open()) {
      Gradients gradients = tape.backward(embed(pictures()).sum());
      assertTrue(tape.length() < whole, tape.length() + " of " + whole);
      for (Parameter p : net.parameters()) {
        assertEquals(p.tensor().requiresGradient(), gradients.has(p.tensor()), p.name());
      }
    }
  }

  // ---- statistics ----

  private Map<String, double[]> statistics() {
    Map<String, double[]> all = new TreeMap<>();
    StateDict.of(backbone)
        .values()
        .forEach(
            (name, value) -> {
              if (name.contains("running") || name.contains("tracked")) {
                all.put(name, value.doubles());
              }
            });
    return all;
  }

  private void assertStatistics(Map<String, double[]> expected) {
    statistics().forEach((name, value) -> assertArrayEquals(expected.get(name), value, name));
  }

  @Test
  void heldStatisticsStayBitForBitWhileTheRestLearns() {
    embed(pictures()); // statistics that are not the first ones
    Map<String, double[]> before = statistics();
    double[] gamma = weight("backbone.bn1.weight").toDoubles();
    BatchNorm.holdStatistics(backbone, true);
    double[] learning = embed(pictures()).toDoubles();
    net.eval();
    assertArrayEquals(embed(pictures()).toDoubles(), learning, "as in evaluation, bit for bit");
    net.train();
    try (Optimizer optimizer = new Optimizer(net, Sgd.of(0.1, 0));
        Tape tape = Tape.open()) {
      optimizer.step(tape.backward(embed(pictures()).square().sum()));
    }
    assertStatistics(before);
    assertFalse(java.util.Arrays.equals(gamma, weight("backbone.bn1.weight").toDoubles()));
    BatchNorm.holdStatistics(backbone, false);
    embed(pictures());
    assertEquals(
        before.get("bn1.num_batches_tracked")[0] + 1,
        statistics().get("bn1.num_batches_tracked")[0]);
  }

  @Test
  void aBatchNormWithoutALearningWeightHoldsItsStatistics() {
    Map<String, double[]> first = statistics();
    new NamePattern("backbone").freeze(net, true);
    embed(pictures());
    assertStatistics(first);
    new NamePattern("backbone.bn1.bias").freeze(net, false);
    embed(pictures());
    assertEquals(1, statistics().get("bn1.num_batches_tracked")[0], "β learns, so the layer does");
    assertEquals(0, statistics().get("layer1.0.bn1.num_batches_tracked")[0]);
  }

  /** y = γ(x − μ)r + β with fixed μ, r: dX = γ·r·dY, row by row, without a mean taken away. */
  @Test
  void gradientsThroughHeldStatisticsAreThoseOfAnAffineMap() {
    BatchNorm norm = new BatchNorm(2, 0, 0.5);
    norm.initialise(backend, 1);
    Map<String, Parameter> tensors = norm.ownTensors();
    tensors.get("weight").tensor().assign(2, 3);
    tensors.get("running_mean").tensor().assign(1, -1);
    tensors.get("running_var").tensor().assign(4, 0.25);
    BatchNorm.holdStatistics(norm, true);
    Tensor x = Tensor.of(Shape.of(2, 2), 3, 0, 5, 1).requireGradient(true);
    Tensor dy = Tensor.of(Shape.of(2, 2), 1, 10, 100, 1000);
    try (Tape tape = Tape.open()) {
      Gradients gradients = tape.backward(norm.apply(x), dy);
      double[] dx = {1 * 2 / 2.0, 10 * 3 / 0.5, 100 * 2 / 2.0, 1000 * 3 / 0.5};
      assertArrayEquals(dx, gradients.of(x).toDoubles(), 1e-9);
      double[] dGamma = {1 * 1 + 100 * 2, 10 * 2 + 1000 * 4}; // Σ dY·x̂
      assertArrayEquals(dGamma, gradients.of(norm.weight().tensor()).toDoubles(), 1e-9);
      double[] dBeta = {101, 1010};
      assertArrayEquals(dBeta, gradients.of(norm.bias().tensor()).toDoubles(), 1e-9);
    }
    norm.close();
  }

  // ---- rates ----

  private Tensor weight(String name) {
    return net.parameters().stream()
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow()
        .tensor();
  }

  @Test
  void aScaledGroupFollowsTheSameScheduleTimesItsFactor() {
    Sgd rule = Sgd.of(1, 0);
    Tensor w = weight("head.bias");
    Tensor v = weight("backbone.bn1.bias");
    w.assign(0, 0);
    v.assign(0, 0);
    try (Optimizer optimizer =
        new Optimizer(net)
            .group(rule, head.parameters())
            .group(new Scaled(rule, 0.01), backbone.parameters())) {
      optimizer.follow(Schedule.cosine(2, 0.2), 1); // 0.2 + ½·0.8·(1 + cos(π/2)) = 0.6
      assertEquals(0.6, optimizer.rate(), 1e-15);
      try (Tape tape = Tape.open()) {
        optimizer.step(tape.backward(w.sum().add(v.sum())));
      }
      assertArrayEquals(new double[] {-0.6, -0.6}, w.toDoubles(), 1e-15);
      assertArrayEquals(new double[] {-0.006, -0.006}, v.toDoubles(), 1e-15);
    }
  }

  /** The norm is that of all groups together, whatever their rates. */
  @Test
  void clippingMeasuresAllGroupsTogether() {
    Sgd rule = Sgd.of(1, 0);
    Tensor w = weight("head.bias");
    Tensor v = weight("backbone.bn1.bias");
    w.assign(0, 0);
    v.assign(0, 0);
    try (Optimizer optimizer =
        new Optimizer(net)
            .group(rule, head.parameters())
            .group(new Scaled(rule, 0.5), backbone.parameters())
            .clipNorm(1)) {
      try (Tape tape = Tape.open()) {
        Tensor loss =
            w.mul(Tensor.of(Shape.of(2), 3, 0))
                .sum()
                .add(v.mul(Tensor.of(Shape.of(2), 4, 0)).sum());
        optimizer.step(tape.backward(loss)); // together 5 long
      }
      double shrink = 1 / (5 + 1e-6);
      assertArrayEquals(new double[] {-3 * shrink, 0}, w.toDoubles(), 1e-15);
      assertArrayEquals(new double[] {-4 * shrink * 0.5, 0}, v.toDoubles(), 1e-15);
    }
  }
}
