package akin.tests;

import akin.nn.io.Safetensors;
import akin.tensor.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * One case of the golden values: an operation, its attributes, and its tensors as PyTorch computed
 * them.
 *
 * @param family the file it stands in
 * @param gradients inputs whose gradient is known, as {@code grad_<input>}
 * @param also further outputs, such as {@code index} or {@code running_mean_after}
 */
record GoldenCase(
    String family,
    String name,
    String op,
    JsonNode attrs,
    List<String> gradients,
    List<String> also,
    Map<String, Values> tensors) {

  /** A tensor of the file; whole numbers are exact as doubles. */
  record Values(Shape shape, double[] values) {}

  /** The folder of golden values, which may be absent. */
  static Path folder() {
    return Path.of(System.getProperty("akin.shared", "../shared"), "golden");
  }

  /** Skips the test, and says so, where there are no golden values. */
  static void assumePresent() {
    boolean present = Files.isDirectory(folder());
    if (!present) {
      System.out.println("skipped: no golden values at " + folder() + " (property akin.shared)");
    }
    Assumptions.assumeTrue(present, () -> "no golden values at " + folder());
  }

  /** The cases of {@code ops/<family>.json}. */
  static List<GoldenCase> read(String family) {
    return read("ops", family);
  }

  /** The cases of {@code <folder>/<family>.json}. */
  static List<GoldenCase> read(String folder, String family) {
    Path ops = folder().resolve(folder);
    List<GoldenCase> cases = new ArrayList<>();
    try (Safetensors file = Safetensors.open(ops.resolve(family + ".safetensors"))) {
      JsonNode json = new ObjectMapper().readTree(ops.resolve(family + ".json").toFile());
      for (JsonNode c : json.get("cases")) {
        String name = c.get("name").asText();
        cases.add(
            new GoldenCase(
                family,
                name,
                c.get("op").asText(),
                c.path("attrs"),
                strings(c.path("gradients")),
                strings(c.path("also")),
                tensors(file, name + "/")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  private static Map<String, Values> tensors(Safetensors file, String prefix) {
    Map<String, Values> tensors = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, entry) -> {
              if (name.startsWith(prefix)) {
                long[] sizes = Arrays.stream(entry.shape()).asLongStream().toArray();
                Values values = new Values(Shape.of(sizes), entry.doubles());
                tensors.put(name.substring(prefix.length()), values);
              }
            });
    return tensors;
  }

  private static List<String> strings(JsonNode node) {
    List<String> all = new ArrayList<>();
    node.forEach(each -> all.add(each.asText()));
    return all;
  }

  @Override
  public String toString() {
    return family + "/" + name;
  }
}
