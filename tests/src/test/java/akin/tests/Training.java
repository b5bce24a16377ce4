package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.io.Safetensors;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The golden files of training, and what is compared with them. */
final class Training {
  private Training() {}

  /** A golden file; the test is skipped where there are none. */
  static Path file(String name) {
    GoldenCase.assumePresent();
    return GoldenCase.folder().resolve(name);
  }

  static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(file(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Safetensors tensors(String name) {
    return Safetensors.open(file(name));
  }

  /**
   * Compares values with a recorded summary: norm, sum and three elements, within {@code tolerance}
   * of the norm.
   *
   * @param floor a norm that counts as nothing: rounding where the true value is 0
   */
  static void assertSummary(
      String what, JsonNode golden, double[] values, double tolerance, double floor) {
    double norm = golden.get("norm").asDouble();
    double allowed = tolerance * Math.max(norm, floor);
    double square = 0;
    double sum = 0;
    for (double v : values) {
      square += v * v;
      sum += v;
    }
    assertEquals(norm, Math.sqrt(square), allowed, what + ": norm");
    // a sum may be off by √n times what the norm may be off by (Cauchy and Schwarz)
    double allowedSum = allowed * Math.sqrt(values.length);
    assertEquals(golden.get("sum").asDouble(), sum, allowedSum, what + ": sum");
    for (int i = 0; i < golden.get("at").size(); i++) {
      int at = golden.get("at").get(i).asInt();
      double expected = golden.get("values").get(i).asDouble();
      assertEquals(expected, values[at], allowed, what + ": element " + at);
    }
  }

  /** |a − b| ≤ tolerance times the largest |b| of the array. */
  static void assertClose(String what, double[] expected, double[] actual, double tolerance) {
    double largest = 0;
    for (double v : expected) {
      largest = Math.max(largest, Math.abs(v));
    }
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], tolerance * largest, what + ": element " + i);
    }
  }
}
