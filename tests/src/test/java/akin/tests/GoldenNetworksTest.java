package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Parameter;
import akin.nn.StateDict;
import akin.nn.backbone.Backbone;
import akin.nn.backbone.Backbones;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backbone is torchvision's network of that name: names, kinds, shapes and order of its state
 * dict, and what it computes with the formula's weights: stage by stage in float64, logits and
 * features in float32.
 */
class GoldenNetworksTest {
  /** Networks that are not there, or not compared here, yet. */
  private static final Set<String> MISSING =
      Set.of(
          "mobilenet_v3_small",
          "squeezenet1_0",
          "squeezenet1_1",
          "shufflenet_v2_x0_5",
          "efficientnet_b0",
          "vgg11_bn");

  /** Stages that torchvision has and a backbone tells nothing of, each with the reason. */
  private static final Map<String, Map<String, String>> UNTOLD = Map.of();

  private static JsonNode names() {
    return Training.json("networks/names.json");
  }

  private static Stream<String> networks() {
    return names().properties().stream().map(Map.Entry::getKey).filter(n -> !MISSING.contains(n));
  }

  @Test
  void noOtherNetworkIsMissing() {
    for (Map.Entry<String, JsonNode> each : names().properties()) {
      String name = each.getKey();
      assertTrue(MISSING.contains(name) || Backbones.names().contains(name), name);
    }
  }

  // ---- float64 ----

  /**
   * The plain loops take up to half a minute for a network, so two threads, each with backends of
   * its own, take networks from a queue by size: one from the largest down, one from the smallest
   * up, so that two of the largest are never in memory at once.
   */
  @TestFactory
  Stream<DynamicTest> float64() {
    JsonNode names = names();
    List<DynamicTest> tests = new ArrayList<>();
    Deque<FutureTask<Void>> queue = new ArrayDeque<>();
    networks()
        .sorted(Comparator.comparing(name -> names.get(name).get("parameters").asLong()))
        .forEach(
            name -> {
              FutureTask<Void> work = new FutureTask<>(() -> float64(name, names.get(name)), null);
              queue.add(work);
              tests.add(DynamicTest.dynamicTest(name, work::get));
            });
    ExecutorService workers = Executors.newFixedThreadPool(2);
    workers.execute(() -> drain(queue, Deque::pollLast));
    workers.execute(() -> drain(queue, Deque::pollFirst));
    return tests.stream().onClose(workers::shutdownNow);
  }

  private interface Next {
    FutureTask<Void> from(Deque<FutureTask<Void>> queue);
  }

  private static void drain(Deque<FutureTask<Void>> queue, Next next) {
    while (true) {
      FutureTask<Void> work;
      synchronized (queue) {
        work = next.from(queue);
      }
      if (work == null) {
        return;
      }
      work.run();
    }
  }

  private static void float64(String name, JsonNode names) {
    GoldenNetwork golden = GoldenNetwork.read(name);
    try (Backend backend = Backends.open("reference", 1);
        Scope scope = Scope.open(backend);
        Backbone network = golden.network(scope.backend())) {
      assertNames(names, network);
      network.eval();
      Stages stages = new Stages(golden.json().get("stages_float64"));
      network.observe(stages);
      Tensor pictures = golden.input();
      Tensor features = network.features(pictures);
      Tensor logits = golden.classify(network, features, pictures);
      golden.assertClose("features_f64", features, 1e-9);
      golden.assertClose("logits_f64", logits, 1e-9);
      assertEquals(UNTOLD.getOrDefault(name, Map.of()).keySet(), stages.left(), "not told");
    }
  }

  private static void assertNames(JsonNode golden, Backbone network) {
    List<String> expected = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : golden.get("entries").properties()) {
      JsonNode is = entry.getValue();
      expected.add(
          entry.getKey()
              + " "
              + is.get("kind").asText()
              + " "
              + GoldenNetwork.shape(is.get("shape")));
    }
    Set<String> learning =
        network.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
    List<String> actual = new ArrayList<>();
    StateDict.shapes(network)
        .forEach(
            (name, shape) ->
                actual.add(name + (learning.contains(name) ? " parameter " : " buffer ") + shape));
    assertEquals(expected, actual);
    assertEquals(golden.get("parameters").asLong(), network.parameterCount());
  }

  // ---- float32 ----

  @ParameterizedTest
  @MethodSource("networks")
  void float32(String name) {
    GoldenNetwork golden = GoldenNetwork.read(name);
    try (Backend backend = Backends.open("cpu", 2);
        Scope scope = Scope.open(backend);
        Backbone network = golden.network(scope.backend())) {
      network.eval();
      Tensor pictures = golden.input();
      double[] logits = network.apply(pictures).toDoubles();
      double allowed = 1e-4 * golden.json().get("logits_std").asDouble();
      double[] expected = golden.tensors().get("logits_f64");
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], logits[i], allowed, "logit " + i);
      }
      golden.assertClose("features_f64", network.features(pictures), 1e-4);
    }
  }
}
