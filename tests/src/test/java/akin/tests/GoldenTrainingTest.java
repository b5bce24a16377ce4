package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Bundle;
import akin.nn.Layer;
import akin.nn.StateDict;
import akin.nn.backbone.LabConvNet;
import akin.nn.head.AttributeNet;
import akin.nn.head.EmbeddingHead;
import akin.nn.io.Safetensors;
import akin.nn.metric.AllTripletsLoss;
import akin.nn.metric.CrossEntropyLoss;
import akin.nn.metric.TripletMarginLoss;
import akin.nn.optim.Optimizer;
import akin.tensor.Gradients;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole training runs agree with PyTorch's, update by update. */
class GoldenTrainingTest {
  private static final int STEPS = 20;
  private static final int BATCH = 32;

  /** Of losses in float32, as the golden files ask. */
  private static final double TOLERANCE = 1e-3;

  private static final int TRIALS = 6;

  /** Losses to be compared at least. */
  private static final int LEAST = 5;

  // ---- the digit network ----

  static Stream<String> convnetRuns() {
    return names(Training.json("training/mnist_convnet.json").get("runs"));
  }

  @ParameterizedTest
  @MethodSource("convnetRuns")
  void convnetInFloat64(String run) {
    JsonNode golden = Training.json("training/mnist_convnet.json").get("runs").get(run);
    double tolerance = chaotic(run) ? 1e-8 : 1e-10;
    try (Backend backend = Backends.open("reference", 1);
        Scope scope = Scope.open(backend);
        LabConvNet net = new LabConvNet();
        Safetensors tensors = Training.tensors("training/mnist_convnet.safetensors")) {
      net.initialise(scope.backend(), 0);
      Formula.fill(net, 1);
      assertOutputs(net, tensors, run + "/features_before", run + "/logits_before", 1e-10);
      JsonNode losses = golden.get("losses_float64");
      trainConvnet(
          net,
          golden,
          (t, loss, gradients) -> {
            double expected = losses.get(t).asDouble();
            assertEquals(expected, loss, tolerance * expected, "loss before update " + t);
            if (t == 0) {
              assertGradients(net, gradients, golden.get("first_gradients"));
            }
          });
      assertOutputs(net, tensors, null, run + "/logits_after", tolerance);
      assertParameters(net, golden.get("final_parameters"), tolerance);
    }
  }

  /**
   * A run of float32 follows the true one only as long as it follows itself: a cell of a maximum or
   * a ReLU that is nearly a tie may fall either way, and each turn of it moves every later weight.
   * So the run is repeated with weights that are shifted by what rounding is worth: at most √288 ≈
   * 17 units of 2⁻²⁴, as the roundings of sums of 288 products, signs at random, are worth no more
   * (Higham and Mary, SIAM J. Sci. Comput. 41, 2019). Losses count until the shifted ones are off
   * by a quarter of the tolerance: few trials may fall short of the worst by that much.
   */
  @ParameterizedTest
  @MethodSource("convnetRuns")
  void convnetInFloat32(String run) {
    JsonNode golden = Training.json("training/mnist_convnet.json").get("runs").get(run);
    JsonNode expected = golden.get("losses_float32");
    double[] losses;
    double[] apart = new double[STEPS];
    try (Backend backend = Backends.open("cpu", 2)) {
      losses = lossesFrom(backend, golden, 0, null);
      for (int trial = 0; trial < TRIALS; trial++) {
        RandomStream signs = RandomStream.of(trial, "shifted weights");
        double[] shifted = lossesFrom(backend, golden, 17 * 0x1p-24, signs);
        Arrays.setAll(apart, t -> Math.max(apart[t], Math.abs(shifted[t] / losses[t] - 1)));
      }
    }
    int followed = 0;
    while (followed < STEPS && apart[followed] <= TOLERANCE / 4) {
      double loss = expected.get(followed).asDouble();
      assertEquals(loss, losses[followed], TOLERANCE * loss, "loss before update " + followed);
      followed++;
    }
    assertTrue(followed >= LEAST, "only " + followed + " updates were compared");
  }

  /** The losses of a run in which each weight is moved up or down by {@code share} of it. */
  private static double[] lossesFrom(
      Backend backend, JsonNode golden, double share, RandomStream signs) {
    try (Scope scope = Scope.open(backend);
        LabConvNet net = new LabConvNet()) {
      net.initialise(scope.backend(), 0);
      Formula.fill(net, 1);
      if (share > 0) {
        Formula.shift(net, share, signs);
      }
      double[] losses = new double[STEPS];
      trainConvnet(net, golden, (t, loss, gradients) -> losses[t] = loss);
      return losses;
    }
  }

  private static boolean chaotic(String run) {
    return run.equals("ce_sgd_nesterov");
  }

  /** Looks at the loss and the gradients before update t. */
  private interface Watch {
    void see(int t, double loss, Gradients gradients);
  }

  private static void trainConvnet(LabConvNet net, JsonNode golden, Watch watch) {
    int[] labels = new int[BATCH];
    Arrays.setAll(labels, i -> i % 10);
    Tensor x = digits();
    AllTripletsLoss triplets = new AllTripletsLoss(0.5, 0, AllTripletsLoss.Over.ANCHORS);
    boolean classify = golden.get("loss").asText().equals("cross-entropy");
    try (Optimizer optimizer = new Optimizer(net, Options.rule(golden))) {
      for (int t = 0; t < STEPS; t++) {
        try (Tape tape = Tape.open()) {
          Tensor loss =
              classify
                  ? CrossEntropyLoss.plain().of(net.apply(x), labels).value()
                  : triplets.of(net.features(x), labels).value();
          Gradients gradients = tape.backward(loss);
          watch.see(t, loss.item(), gradients);
          optimizer.step(gradients);
        }
      }
    }
  }

  private static Tensor digits() {
    Shape shape = Shape.of(BATCH, 1, 28, 28);
    return Tensor.of(shape, Formula.v("input", shape));
  }

  private static void assertOutputs(
      LabConvNet net, Safetensors golden, String features, String logits, double tolerance) {
    Tensor x = digits();
    if (golden.tensors().containsKey(logits)) {
      double[] expected = golden.tensor(logits).doubles();
      Training.assertClose(logits, expected, net.apply(x).toDoubles(), tolerance);
    }
    if (features != null && golden.tensors().containsKey(features)) {
      // recorded before normalisation
      Tensor raw = Tensor.of(Shape.of(BATCH, 256), golden.tensor(features).doubles());
      double[] expected = raw.normalize(1, 1e-12).toDoubles();
      Training.assertClose(features, expected, net.features(x).toDoubles(), tolerance);
    }
  }

  // ---- image head and attribute network ----

  @ParameterizedTest
  @ValueSource(strings = {"eps1e-5", "eps1e-3", "margin1"})
  void embeddingHeads(String run) {
    JsonNode golden = Training.json("training/embedding_heads.json").get("runs").get(run);
    double eps = golden.get("batch_norm_eps").asDouble();
    EmbeddingHead image = new EmbeddingHead(2048, 300);
    AttributeNet attribute = new AttributeNet(40, new AttributeNet.Options(300, 300, eps, false));
    try (Backend backend = Backends.open("reference", 1);
        Scope scope = Scope.open(backend);
        Layer net = new Bundle().with("image", image).with("attribute", attribute);
        Safetensors tensors = Training.tensors("training/embedding_heads.safetensors")) {
      net.initialise(scope.backend(), 0);
      Formula.fill(net, 1);
      Shape features = Shape.of(16, 2048);
      Tensor anchors =
          Tensor.of(features, Formula.values(features, i -> Math.abs(Formula.v("input.image", i))));
      Tensor positives = Tensor.of(Shape.of(16, 40), tensors.tensor("positive").doubles());
      Tensor negatives = Tensor.of(Shape.of(16, 40), tensors.tensor("negative").doubles());
      TripletMarginLoss loss = TripletMarginLoss.of(golden.get("margin").asDouble());
      try (Optimizer optimizer = new Optimizer(net, akin.nn.optim.Adam.of(1e-3))) {
        for (int t = 0; t < STEPS; t++) {
          try (Tape tape = Tape.open()) {
            Tensor a = image.apply(anchors);
            Tensor p = attribute.apply(positives);
            Tensor n = attribute.apply(negatives);
            Tensor value = loss.of(a, p, n);
            double expected = golden.get("losses_float64").get(t).asDouble();
            assertEquals(expected, value.item(), 1e-10, "loss before update " + t);
            Gradients gradients = tape.backward(value);
            if (t == 0) {
              assertTensor(tensors, run + "/anchor_before", a);
              assertTensor(tensors, run + "/positive_before", p);
              assertTensor(tensors, run + "/negative_before", n);
              assertGradients(net, gradients, golden.get("first_gradients"));
            }
            optimizer.step(gradients);
          }
        }
      }
      assertParameters(net, golden.get("final_parameters"), 1e-10);
      assertParameters(net, golden.get("final_buffers"), 1e-10);
      net.eval();
      assertTensor(tensors, run + "/anchor_after_eval", image.apply(anchors));
      assertTensor(tensors, run + "/positive_after_eval", attribute.apply(positives));
    }
  }

  private static void assertTensor(Safetensors golden, String name, Tensor actual) {
    Training.assertClose(name, golden.tensor(name).doubles(), actual.toDoubles(), 1e-10);
  }

  // ---- both ----

  private static void assertGradients(Layer net, Gradients gradients, JsonNode golden) {
    double largest =
        StreamSupport.stream(golden.spliterator(), false)
            .mapToDouble(g -> g.get("norm").asDouble())
            .max()
            .orElseThrow();
    net.parameters()
        .forEach(
            p -> {
              JsonNode expected = golden.get(p.name());
              if (expected == null) {
                assertFalse(gradients.has(p.tensor()), p.name() + " takes no part");
              } else {
                double[] actual = gradients.of(p.tensor()).toDoubles();
                Training.assertSummary(p.name(), expected, actual, 1e-10, largest * 1e-3);
              }
            });
  }

  private static void assertParameters(Layer net, JsonNode golden, double tolerance) {
    StateDict state = StateDict.of(net);
    names(golden)
        .forEach(
            name -> {
              double[] actual = state.values().get(name).doubles();
              Training.assertSummary(name, golden.get(name), actual, tolerance, 0);
            });
  }

  private static Stream<String> names(JsonNode runs) {
    Iterable<String> names = runs::fieldNames;
    return StreamSupport.stream(names.spliterator(), false);
  }
}
