package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.Dropout;
import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.StateDict;
import akin.nn.backbone.Backbone;
import akin.nn.metric.CrossEntropyLoss;
import akin.nn.optim.Optimizer;
import akin.nn.optim.Sgd;
import akin.tensor.Gradients;
import akin.tensor.Scope;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One step of training moves a whole network as PyTorch does: outputs of every stage with the
 * batch's own statistics, the gradient of every parameter, every running statistic, and the loss
 * after the step. Dropout is off.
 */
class GoldenNetworkTrainingTest {
  /** Batch norm over four small pictures amplifies rounding. */
  private static final double TOLERANCE = 1e-8;

  @ParameterizedTest
  @ValueSource(strings = {"resnet18_train", "mobilenet_v2_train"})
  void oneStep(String file) {
    GoldenNetwork golden = GoldenNetwork.read(file);
    double[] classes = golden.tensors().get("labels");
    int[] labels = Arrays.stream(classes).mapToInt(label -> (int) label).toArray();
    try (Backend backend = Backends.open("reference", 1);
        Scope scope = Scope.open(backend);
        Backbone network = golden.network(scope.backend());
        Optimizer optimizer = new Optimizer(network, Sgd.of(0.01, 0))) {
      silenceDropout(network);
      Tensor pictures = golden.input();
      try (Tape tape = Tape.open()) {
        Stages stages = new Stages(golden.json().get("stages_float64"), TOLERANCE);
        network.observe(stages);
        Tensor features = network.features(pictures);
        Tensor logits = golden.classify(network, features, pictures);
        network.observe(null);
        assertEquals(Set.of(), stages.left(), "stages not told");
        golden.assertClose("features", features, TOLERANCE);
        golden.assertClose("logits", logits, TOLERANCE);
        Tensor loss = CrossEntropyLoss.plain().of(logits, labels).value();
        assertLoss(golden.json().get("loss"), loss);
        assertBuffers(golden.json().get("buffers_after_one_forward"), network);
        Gradients gradients = tape.backward(loss);
        assertGradients(golden, network, gradients);
        optimizer.step(gradients);
      }
      Tensor after = CrossEntropyLoss.plain().of(network.apply(pictures), labels).value();
      String key = "loss_after_one_plain_gradient_step_lr_0.01_same_batch_train_mode";
      assertLoss(golden.json().get(key), after);
    }
  }

  private static void silenceDropout(Layer layer) {
    layer.children().values().forEach(GoldenNetworkTrainingTest::silenceDropout);
    if (layer instanceof Dropout) {
      layer.eval();
    }
  }

  private static void assertLoss(JsonNode golden, Tensor loss) {
    assertEquals(golden.asDouble(), loss.item(), TOLERANCE * golden.asDouble());
  }

  private static void assertGradients(GoldenNetwork golden, Backbone network, Gradients gradients) {
    JsonNode all = golden.json().get("gradients");
    assertEquals(all.size(), network.parameters().size());
    double largest =
        all.properties().stream()
            .mapToDouble(gradient -> gradient.getValue().get("norm").asDouble())
            .max()
            .orElseThrow();
    // a shift that the next batch norm takes away has no gradient but rounding
    double floor = largest * 1e-3;
    for (Parameter p : network.parameters()) {
      Tensor gradient = gradients.of(p.tensor());
      assertEquals(GoldenNetwork.shape(all.get(p.name()).get("shape")), gradient.shape());
      Training.assertSummary(p.name(), all.get(p.name()), gradient.toDoubles(), TOLERANCE, floor);
      if (golden.tensors().containsKey("grad." + p.name())) { // the first and the last
        golden.assertClose("grad." + p.name(), gradient, TOLERANCE);
      }
    }
  }

  /** Norm and sum of running means, running variances and counters. */
  private static void assertBuffers(JsonNode golden, Backbone network) {
    Map<String, StateDict.Value> values = StateDict.of(network).values();
    Set<String> buffers = new HashSet<>(values.keySet());
    network.parameters().forEach(p -> buffers.remove(p.name()));
    Set<String> expected = new HashSet<>();
    golden.fieldNames().forEachRemaining(expected::add);
    assertEquals(expected, buffers);
    for (String name : expected) {
      double[] v = values.get(name).doubles();
      double norm = golden.get(name).get("norm").asDouble();
      double allowed = TOLERANCE * norm;
      assertEquals(norm, Math.sqrt(Arrays.stream(v).map(x -> x * x).sum()), allowed, name);
      double sum = golden.get(name).get("sum").asDouble();
      assertEquals(sum, Arrays.stream(v).sum(), allowed * Math.sqrt(v.length), name);
    }
  }
}
