package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.io.Safetensors;
import akin.nn.metric.Distance;
import akin.tensor.Gradients;
import akin.tensor.Tape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.reference.ReferenceBackend;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Distances and their gradients equal pytorch-metric-learning's, within 1e-9 of the largest element
 * of each.
 */
class GoldenDistancesTest {
  @TestFactory
  Stream<DynamicTest> distances() throws IOException {
    GoldenCase.assumePresent();
    return GoldenMetric.cases("distances")
        .map(c -> DynamicTest.dynamicTest(c.get("distance").asText(), () -> compare(c)));
  }

  private static void compare(JsonNode c) throws IOException {
    Distance distance = GoldenMetric.distance(PythonCall.parse(c.get("distance").asText()));
    assertEquals(c.get("is_inverted").asBoolean(), distance.similarity());
    String at = c.get("index").asInt() + "/";
    try (Safetensors file = Safetensors.open(GoldenMetric.file("distances.safetensors"));
        Backend backend = new ReferenceBackend();
        Tape tape = Tape.open(backend)) {
      Tensor a = GoldenMetric.tensor(file, "a").requireGradient(true);
      Tensor b = GoldenMetric.tensor(file, "b").requireGradient(true);
      Tensor d = distance.of(a, b);
      same(file, at + "matrix", d);
      Gradients gradients = tape.backward(d, GoldenMetric.tensor(file, at + "grad_matrix"));
      same(file, at + "grad_a", gradients.of(a));
      same(file, at + "grad_b", gradients.of(b));
    }
  }

  private static void same(Safetensors file, String name, Tensor actual) {
    double[] expected = file.tensors().get(name).doubles();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double[] values = actual.toDoubles();
    assertEquals(expected.length, values.length, name);
    for (int i = 0; i < values.length; i++) {
      assertEquals(expected[i], values[i], 1e-9 * largest, name + "[" + i + "]");
    }
  }
}
