package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.StateDict;
import akin.nn.io.Safetensors;
import akin.nn.metric.Batch;
import akin.nn.metric.Loss;
import akin.nn.metric.Relation;
import akin.tensor.Gradients;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Losses that remember equal pytorch-metric-learning's over several batches in a row, and losses of
 * two views its self-supervised ones.
 */
class GoldenRepeatedLossesTest {
  private static final double TOLERANCE = 1e-9;

  @TestFactory
  Stream<DynamicTest> batchAfterBatch() throws IOException {
    GoldenCase.assumePresent();
    return GoldenMetricLossesTest.cases()
        .filter(c -> c.has("calls") || c.has("memory"))
        .map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> repeat(c)));
  }

  private static void repeat(JsonNode c) {
    Loss loss = GoldenMetric.loss(GoldenMetricLossesTest.call(c));
    try (Safetensors file = Safetensors.open(GoldenMetricLossesTest.file("safetensors"));
        Backend backend = new ReferenceBackend()) {
      var layer = loss.layer().orElseThrow();
      layer.initialise(backend, 1);
      for (int i = 0; i < c.get("value").size(); i++) {
        String call = c.get("name").asText() + "/call" + i + "/";
        boolean memory = c.has("memory");
        String data = "data/" + c.get("data").asText() + (memory ? i : "") + "/";
        String embeddings = i > 0 && !memory ? call + "embeddings" : data + "embeddings";
        try (Tape tape = Tape.open(backend)) {
          Tensor x = GoldenMetric.tensor(file, embeddings).requireGradient(true);
          int[] labels = GoldenMetric.ints(file, data + "labels");
          Tensor value = loss.of(Batch.of(x, labels)).value();
          assertEquals(c.get("value").get(i).asDouble(), value.item(), TOLERANCE, call);
          Gradients gradients = tape.backward(value);
          GoldenMetricLossesTest.same(file, call + "grad_embeddings", gradients, x, TOLERANCE);
        }
        if (file.tensors().containsKey(call + "histogram_after")) {
          double[] expected = file.tensor(call + "histogram_after").doubles();
          double[] histogram = StateDict.of(layer).values().get("histogram").doubles();
          assertArrayEquals(expected, histogram, TOLERANCE, call + "histogram");
        }
      }
      layer.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> twoViews() throws IOException {
    GoldenCase.assumePresent();
    return GoldenMetricLossesTest.cases()
        .filter(c -> c.has("selfsup"))
        .map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> compare(c)));
  }

  private static void compare(JsonNode c) {
    String name = c.get("name").asText() + "/";
    String data = "data/" + c.get("data").asText() + "/";
    Loss loss = GoldenMetric.loss(GoldenMetricLossesTest.call(c));
    try (Safetensors file = Safetensors.open(GoldenMetricLossesTest.file("safetensors"));
        Backend backend = new ReferenceBackend();
        Tape tape = Tape.open(backend)) {
      Tensor x = GoldenMetric.tensor(file, data + "embeddings").requireGradient(true);
      Tensor y = GoldenMetric.tensor(file, data + "ref_embeddings").requireGradient(true);
      Tensor value = loss.of(Batch.of(x, y, Relation.ofViews(x.dim(0)))).value();
      double expected = c.get("value").asDouble();
      assertEquals(expected, value.item(), TOLERANCE * Math.max(1, Math.abs(expected)));
      Gradients gradients = tape.backward(value);
      GoldenMetricLossesTest.same(file, name + "grad_embeddings", gradients, x, TOLERANCE);
      GoldenMetricLossesTest.same(file, name + "grad_ref", gradients, y, TOLERANCE);
    }
  }
}
