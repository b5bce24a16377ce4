package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.backbone.Backbone;
import akin.nn.io.Safetensors;
import akin.nn.io.WeightFile;
import akin.tensor.Inference;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
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
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;

/**
 * What a library's own code computed with a little image encoder: weights under its names,
 * pictures, outputs.
 *
 * @param name of the golden
 * @param weights its file
 * @param in inputs by the group of outputs, such as {@code resized84}; the first is {@code ""}
 * @param out outputs by name, such as {@code resized84.pooled}
 * @param exact the same in float64, of the first group
 */
record GoldenVit(
    String name,
    Path weights,
    Map<String, GoldenCase.Values> in,
    Map<String, GoldenCase.Values> out,
    Map<String, GoldenCase.Values> exact) {

  /** The folder, which may be absent. */
  static Path folder() {
    return Path.of(System.getProperty("akin.shared", "../shared"), "golden-vit");
  }

  static boolean isPresent() {
    return Files.isRegularFile(folder().resolve("index.json"));
  }

  /** Skips the test where there are no golden values. */
  static void assumePresent() {
    Assumptions.assumeTrue(isPresent(), () -> "no golden values at " + folder());
  }

  /** The names of all goldens. */
  static List<String> names() {
    try {
      JsonNode index = new ObjectMapper().readTree(folder().resolve("index.json").toFile());
      List<String> names = new ArrayList<>();
      index.fieldNames().forEachRemaining(names::add);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GoldenVit read(String name) {
    Map<String, GoldenCase.Values> all = values(folder().resolve(name + ".io.safetensors"));
    Map<String, GoldenCase.Values> in = new LinkedHashMap<>();
    in.put("", all.get("in.image"));
    values(folder().resolve("resized-inputs.safetensors"))
        .forEach((key, picture) -> in.put(key.substring("image.".length()), picture));
    return new GoldenVit(
        name,
        folder().resolve(name + ".weights.safetensors"),
        in,
        below(all, "out."),
        below(all, "out64."));
  }

  private static Map<String, GoldenCase.Values> below(
      Map<String, GoldenCase.Values> all, String prefix) {
    Map<String, GoldenCase.Values> below = new LinkedHashMap<>();
    all.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            below.put(key.substring(prefix.length()), value);
          }
        });
    return below;
  }

  static Map<String, GoldenCase.Values> values(Path file) {
    Map<String, GoldenCase.Values> values = new LinkedHashMap<>();
    try (Safetensors all = Safetensors.open(file)) {
      all.tensors()
          .forEach(
              (key, entry) -> {
                Shape shape = Shape.of(Arrays.stream(entry.shape()).asLongStream().toArray());
                if (entry.type().isFloating()) {
                  values.put(key, new GoldenCase.Values(shape, entry.doubles()));
                }
              });
    }
    return values;
  }

  /** Groups of outputs for other sizes of pictures, such as {@code resized84}, {@code floor62}. */
  List<String> groups() {
    TreeSet<String> groups = new TreeSet<>();
    for (String key : out.keySet()) {
      String group = key.substring(0, Math.max(0, key.indexOf('.')));
      if (group.matches("(resized|floor)?\\d+(x\\d+)?")) {
        groups.add(group);
      }
    }
    return List.copyOf(groups);
  }

  /** The picture of a group. */
  GoldenCase.Values picture(String group) {
    return in.get(group.replaceAll("[a-z]+", "").isEmpty() ? "" : group.replaceAll("^[a-z]+", ""));
  }

  /** The golden weights, under the library's names, in the network. */
  void load(Backbone network, Backend backend) {
    network.allocate(backend);
    network.eval();
    try (WeightFile file = WeightFile.open(weights)) {
      List<String> report = new ArrayList<>();
      StateDict adapted = network.adapt(file.stateDict(), report::add);
      adapted.into(network, weights + " " + report);
    }
  }

  /** Where outputs are found in the network: path by the golden's key. */
  static final Map<String, String> VIT_PATHS =
      Map.of(
          "block0", "encoder.layers.encoder_layer_0",
          "block1", "encoder.layers.encoder_layer_1",
          "tokens", "encoder",
          "patchtokens", "encoder",
          "last_hidden_state", "encoder.layers",
          "neck", "neck");

  /** The same of ConvNeXt. */
  static final Map<String, String> CONVNEXT_PATHS =
      Map.of(
          "stem", "features.0",
          "stage0", "features.1",
          "stage1", "features.3",
          "stage2", "features.5",
          "stage3", "features.7",
          "tokens", "features",
          "normed", "classifier.0");

  /** Everything that the network computes, by the golden's keys; for comparing. */
  Map<String, double[]> computed(
      Backbone network, String group, Map<String, String> paths, Backend backend) {
    Map<String, double[]> computed = new LinkedHashMap<>();
    GoldenCase.Values picture = picture(group);
    try (Scope scope = Scope.open(backend)) {
      Tensor x = Tensor.of(picture.shape(), picture.values());
      Map<String, double[]> seen = new LinkedHashMap<>();
      network.observe((path, y) -> seen.put(path, y.toDoubles()));
      computed.put("projected", network.apply(x).toDoubles());
      network.observe(null);
      computed.put("pooled", network.features(x).toDoubles());
      computed.put("visual", computed.get("projected"));
      try (Inference planned = Inference.of(network::apply)) {
        computed.put("planned", planned.apply(x).toDoubles());
      }
      paths.forEach((key, path) -> computed.put(key, seen.get(path)));
      double[] before = seen.get("encoder.ln_pre");
      computed.put("embed", before == null ? seen.get("encoder.dropout") : before);
    }
    return computed;
  }

  /**
   * Compares with |a − b| ≤ tolerance; where the golden has fewer tokens in each sample, with the
   * last ones.
   *
   * @return the largest difference
   */
  double compare(String key, GoldenCase.Values expected, double[] actual, double tolerance) {
    assertTrue(actual != null, name + " computes no " + key);
    int samples = expected.shape().dim(0);
    int each = expected.values().length / samples;
    int given = actual.length / samples;
    assertTrue(given >= each, name + " " + key + ": " + given + " numbers, not " + each);
    double largest = 0;
    for (int i = 0; i < expected.values().length; i++) {
      double value = actual[i / each * given + given - each + i % each];
      assertEquals(expected.values()[i], value, tolerance, name + " " + key + " element " + i);
      largest = Math.max(largest, Math.abs(expected.values()[i] - value));
    }
    return largest;
  }
}
