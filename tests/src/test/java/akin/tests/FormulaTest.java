package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The formula of the golden files agrees bit for bit with the recorded numbers. */
class FormulaTest {
  private final JsonNode golden = Training.json("formula.json");

  @Test
  void hashAndMixer() {
    for (JsonNode row : golden.get("hash")) {
      assertEquals(hex(row.get("fnv1a64")), RandomStream.fnv1a64(row.get("name").asText()));
    }
    for (JsonNode row : golden.get("splitmix64")) {
      assertEquals(hex(row.get("splitmix64")), RandomStream.splitmix64(hex(row.get("x"))));
    }
  }

  @Test
  void values() {
    for (JsonNode row : golden.get("values")) {
      String name = row.get("name").asText();
      for (int i = 0; i < row.get("u").size(); i++) {
        assertEquals(row.get("u").get(i).asDouble(), Formula.u(name, i), name);
        assertEquals(row.get("v").get(i).asDouble(), Formula.v(name, i), name);
      }
    }
  }

  @Test
  void parameters() {
    for (JsonNode row : golden.get("parameters")) {
      if (row.get("float32_bits").isNull()) {
        continue; // the counter
      }
      long[] sizes =
          StreamSupport.stream(row.get("shape").spliterator(), false)
              .mapToLong(JsonNode::asLong)
              .toArray();
      String name = row.get("name").asText();
      float[] ours = Formula.parameter(name, Shape.of(sizes), row.get("gain").asDouble());
      JsonNode bits = row.get("float32_bits");
      IntStream.range(0, bits.size())
          .forEach(
              i ->
                  assertEquals(
                      Integer.parseUnsignedInt(bits.get(i).asText(), 16),
                      Float.floatToRawIntBits(ours[i]),
                      name));
    }
  }

  private static long hex(JsonNode text) {
    return Long.parseUnsignedLong(text.asText(), 16);
  }
}
