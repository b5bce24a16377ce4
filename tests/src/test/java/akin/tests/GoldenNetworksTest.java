package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Parameter;
import akin.nn.StateDict;
import akin.nn.backbone.Backbone;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every backbone is torchvision's network of that name: names, kinds, shapes and order of its state
 * dict, and what it computes with the formula's weights: stage by stage in float64, logits and
 * features in float32.
 */
@Tag("one-jdk")
class GoldenNetworksTest {
  private static JsonNode names() {
    return Training.json("networks/names.json");
  }

  private static Stream<String> networks() {
    return names().properties().stream().map(Map.Entry::getKey);
  }

  // ---- float64 ----

  /**
   * The plain loops take up to half a minute for a network, so two threads, each with backends of
   * its own, take networks from a queue by size: one from the largest down, one from the smallest
   * up, so that the two largest are never in memory at once.
   */
  @TestFactory
  Stream<DynamicTest> float64() {
    JsonNode names = names();
    List<DynamicTest> tests = new ArrayList<>();
    Deque<FutureTask<Void>> queue = new ConcurrentLinkedDeque<>();
    networks()
        .sorted(Comparator.comparing(name -> names.get(name).get("parameters").asLong()))
        .forEach(
            name -> {
              FutureTask<Void> work = new FutureTask<>(() -> float64(name, names.get(name)), null);
              queue.add(work);
              tests.add(DynamicTest.dynamicTest(name, work::get));
            });
    ExecutorService workers = Executors.newFixedThreadPool(2);
    workers.execute(() -> drain(queue::pollLast));
    workers.execute(() -> drain(queue::pollFirst));
    return tests.stream().onClose(workers::shutdownNow);
  }

  private static void drain(Supplier<FutureTask<Void>> next) {
    for (FutureTask<Void> work = next.get(); work != null; work = next.get()) {
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
      Stages stages = new Stages(golden.json().get("stages_float64"), 1e-9);
      network.observe(stages);
      Tensor pictures = golden.input();
      Tensor features = network.features(pictures);
      Tensor logits = golden.classify(network, features, pictures);
      golden.assertClose("features_f64", features, 1e-9);
      golden.assertClose("logits_f64", logits, 1e-9);
      assertEquals(Set.of(), stages.left(), "stages not told");
    }
  }

  @Test
  void theFirstWrongStageIsNamed() {
    GoldenNetwork golden = GoldenNetwork.read("shufflenet_v2_x0_5");
    try (Backend backend = Backends.open("reference", 1);
        Scope scope = Scope.open(backend);
        Backbone network = golden.network(scope.backend())) {
      network.eval();
      network.observe(new Stages(golden.json().get("stages_float64"), 1e-9));
      Parameter wrong =
          network.parameters().stream()
              .filter(p -> p.name().equals("stage3.2.branch2.1.bias"))
              .findFirst()
              .orElseThrow();
      wrong.tensor().assign(new double[Math.toIntExact(wrong.shape().count())]);
      AssertionError error =
          assertThrows(AssertionError.class, () -> network.apply(golden.input()));
      String message = error.getMessage();
      assertTrue(message.contains("stage: stage3.2 (right until stage3.1)"), message);
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
      assertLogits(golden, network.apply(pictures));
      golden.assertClose("features_f64", network.features(pictures), 1e-4);
      try (Inference planned = Inference.of(network::apply)) { // batch norms folded away
        assertLogits(golden, planned.apply(pictures));
      }
    }
  }

  private static void assertLogits(GoldenNetwork golden, Tensor actual) {
    double[] logits = actual.toDoubles();
    double[] expected = golden.tensors().get("logits_f64");
    double allowed = 1e-4 * golden.json().get("logits_std").asDouble();
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], logits[i], allowed, "logit " + i);
    }
  }
}
