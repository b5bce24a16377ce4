package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.Layer;
import akin.nn.Parameter;
import akin.nn.io.Safetensors;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.LossValue;
import akin.nn.metric.Pairs;
import akin.nn.metric.Relation;
import akin.nn.metric.Triplets;
import akin.nn.metric.Tuples;
import akin.tensor.Gradients;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Values and gradients of every loss equal pytorch-metric-learning's, in float64 on the reference
 * backend: within 1e-9 of the largest gradient element (and of the value), 1e-8 where arc cosines
 * are taken, and what the file says where it says it.
 */
class GoldenMetricLossesTest {
  private static final Set<String> ARC_COSINES =
      Set.of(
          "ArcFaceLoss",
          "SubCenterArcFaceLoss",
          "TupletMarginLoss",
          "LargeMarginSoftmaxLoss",
          "SphereFaceLoss",
          "P2SGradLoss");

  /** Cases whose loss is called in a way of its own, and where they are compared. */
  private static final Set<String> ELSEWHERE = Set.of("calls", "memory", "selfsup");

  @TestFactory
  Stream<DynamicTest> losses() throws IOException {
    GoldenCase.assumePresent();
    return cases()
        .filter(c -> ELSEWHERE.stream().noneMatch(c::has))
        .filter(c -> GoldenMetric.losses().containsKey(call(c).name()))
        .map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> compare(c)));
  }

  @Test
  void noLossIsMissing() throws IOException {
    GoldenCase.assumePresent();
    Set<String> missing = new TreeSet<>();
    cases().map(c -> call(c).name()).forEach(missing::add);
    missing.removeAll(GoldenMetric.losses().keySet());
    assertEquals(Set.of(), missing);
  }

  static PythonCall call(JsonNode c) {
    return PythonCall.parse(c.get("loss").asText());
  }

  static Path file(String end) {
    return GoldenMetric.file("losses." + end);
  }

  static Stream<JsonNode> cases() throws IOException {
    return GoldenMetric.cases("losses");
  }

  private static void compare(JsonNode c) {
    String name = c.get("name").asText() + "/";
    String data = "data/" + c.get("data").asText() + "/";
    PythonCall call = call(c);
    double tolerance =
        c.path("tolerance").asDouble(ARC_COSINES.contains(call.name()) ? 1e-8 : 1e-9);
    Loss loss = GoldenMetric.loss(call);
    try (Safetensors file = Safetensors.open(file("safetensors"));
        Backend backend = new ReferenceBackend()) {
      loss.layer().ifPresent(layer -> fill(layer, backend, file, name));
      try (Tape tape = Tape.open(backend)) {
        Tensor x = GoldenMetric.tensor(file, data + "embeddings").requireGradient(true);
        boolean ref = c.path("ref").asBoolean();
        Tensor items =
            ref ? GoldenMetric.tensor(file, data + "ref_embeddings").requireGradient(true) : x;
        LossValue value = loss.of(batch(c, file, name, data, x, items));
        Gradients gradients = tape.backward(value.value());
        double expected = c.get("value").asDouble();
        assertEquals(expected, value.value().item(), tolerance * Math.max(1, Math.abs(expected)));
        boolean slopes = !c.path("value_only").asBoolean();
        if (slopes) {
          same(file, name + "grad_embeddings", gradients, x, tolerance);
        }
        if (ref && slopes) {
          same(file, name + "grad_ref", gradients, items, tolerance);
        }
        if (loss.layer().isPresent()) {
          for (Parameter p : loss.layer().get().parameters()) {
            same(file, name + "grad/" + p.name(), gradients, p.tensor(), tolerance);
          }
        }
      }
      loss.layer().ifPresent(Layer::close);
    }
  }

  private static Batch batch(
      JsonNode c, Safetensors file, String name, String data, Tensor x, Tensor items) {
    boolean ref = c.path("ref").asBoolean();
    if (c.has("manifold")) {
      return Batch.of(x, GoldenMetric.ints(file, name + "meta_classes"));
    }
    if (!c.path("labels").asBoolean(true)) {
      return Batch.of(x, items, Relation.ofViews(x.dim(0)));
    }
    int[] labels = GoldenMetric.ints(file, data + "labels");
    Batch batch =
        ref
            ? Batch.of(x, labels, items, GoldenMetric.ints(file, data + "ref_labels"))
            : Batch.of(x, labels);
    return c.has("miner") ? batch.with(mined(file, name)) : batch;
  }

  private static Tuples mined(Safetensors file, String name) {
    int[][] of = new int[4][];
    int count = 0;
    while (count < 4 && file.tensors().containsKey(name + "indices" + count)) {
      of[count] = GoldenMetric.ints(file, name + "indices" + count);
      count++;
    }
    return count == 4 ? new Pairs(of[0], of[1], of[2], of[3]) : new Triplets(of[0], of[1], of[2]);
  }

  static void fill(Layer layer, Backend backend, Safetensors file, String name) {
    layer.allocate(backend);
    for (Parameter p : layer.parameters()) {
      p.tensor().assign(file.tensors().get(name + "param/" + p.name()).doubles());
    }
  }

  static void same(Safetensors file, String name, Gradients all, Tensor leaf, double tolerance) {
    double[] expected = file.tensors().get(name).doubles();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    double[] values = all.has(leaf) ? all.of(leaf).toDoubles() : new double[expected.length];
    assertEquals(expected.length, values.length, name);
    for (int i = 0; i < values.length; i++) {
      assertEquals(
          expected[i], values[i], tolerance * Math.max(largest, 1e-3), name + "[" + i + "]");
    }
  }
}
