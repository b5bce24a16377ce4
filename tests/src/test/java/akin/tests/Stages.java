package akin.tests;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Compares the outputs of a network's layers with recorded ones as they are computed: shape, mean,
 * deviation, largest absolute value and six elements. It throws at the first that is wrong, so that
 * the message names where the error begins.
 */
final class Stages implements BiConsumer<String, Tensor> {
  private final Map<String, JsonNode> left = new LinkedHashMap<>();
  private final double tolerance;
  private String last = "the input";

  /**
   * Expects these stages.
   *
   * @param tolerance relative to each stage's largest element
   */
  Stages(JsonNode stages, double tolerance) {
    this.tolerance = tolerance;
    for (JsonNode stage : stages) {
      left.put(stage.get("module").asText(), stage);
    }
  }

  @Override
  public void accept(String path, Tensor y) {
    JsonNode golden = left.remove(path);
    if (golden == null) {
      return; // not recorded
    }
    assertShape(path, golden.get("shape"), y.shape());
    double[] values = y.toDoubles();
    double mean = 0;
    double largest = 0;
    for (double v : values) {
      mean += v / values.length;
      largest = Math.max(largest, Math.abs(v));
    }
    double variance = 0;
    for (double v : values) {
      variance += (v - mean) * (v - mean) / values.length;
    }
    double allowed = tolerance * golden.get("absmax").asDouble();
    assertNear(path, "largest", golden.get("absmax"), largest, allowed);
    assertNear(path, "mean", golden.get("mean"), mean, allowed);
    assertNear(path, "deviation", golden.get("std"), Math.sqrt(variance), allowed);
    for (int i = 0; i < golden.get("at").size(); i++) {
      int at = golden.get("at").get(i).asInt();
      assertNear(path, "element " + at, golden.get("values").get(i), values[at], allowed);
    }
    last = path;
  }

  /** Recorded stages that the network did not tell. */
  Set<String> left() {
    return left.keySet();
  }

  private void assertShape(String path, JsonNode expected, Shape shape) {
    Shape golden = GoldenNetwork.shape(expected);
    if (!golden.equals(shape)) {
      throw wrong(path, "shape", golden, shape);
    }
  }

  private void assertNear(String path, String what, JsonNode golden, double actual, double most) {
    if (!(Math.abs(golden.asDouble() - actual) <= most)) {
      throw wrong(path, what, golden, actual);
    }
  }

  private AssertionError wrong(String path, String what, Object expected, Object actual) {
    return new AssertionError(
        String.format(
            "first wrong stage: %s (right until %s): %s is %s, expected %s",
            path, last, what, actual, expected));
  }
}
