package akin.tests;

import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.LayerNorm2d;
import akin.nn.backbone.Architecture;
import akin.nn.backbone.Backbone;
import akin.nn.io.Safetensors;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What PyTorch computed with one network, whose weights and input follow from the formula.
 *
 * @param name torchvision's
 * @param json gain, stages and summaries
 * @param tensors whole outputs by name
 */
record GoldenNetwork(String name, JsonNode json, Map<String, double[]> tensors) {
  /** Reads {@code networks/<file>}. */
  static GoldenNetwork read(String file) {
    JsonNode json = Training.json("networks/" + file + ".json");
    Map<String, double[]> tensors = new LinkedHashMap<>();
    try (Safetensors all = Training.tensors("networks/" + file + ".safetensors")) {
      all.tensors().forEach((name, entry) -> tensors.put(name, entry.doubles()));
    }
    return new GoldenNetwork(json.get("network").asText(), json, tensors);
  }

  /** The network with the formula's weights. */
  Backbone network(Backend backend) {
    Backbone network = Architecture.parse(name).create();
    // drawing first values that are overwritten would take longer than many a network
    network.parameters().forEach(p -> p.startWith(Initializer.constant(0)));
    network.initialise(backend, 0);
    Formula.fill(network, json.get("gain").asDouble());
    return network;
  }

  /** The pictures, in the innermost scope. */
  Tensor input() {
    Shape shape = shape(json.get("input").get("shape"));
    return Tensor.of(shape, Formula.v("input", shape));
  }

  /**
   * The logits that follow from the features, without computing these again; where the classifier
   * reads a map rather than the features, from the pictures.
   */
  Tensor classify(Backbone network, Tensor features, Tensor pictures) {
    Matcher module = Pattern.compile("flattened input of module '(\\w+)").matcher(recorded());
    if (!module.find()) {
      return network.apply(pictures);
    }
    Layer classifier = network.children().get(module.group(1));
    boolean ofMaps = classifier.children().get("0") instanceof LayerNorm2d;
    return classifier.apply(
        ofMaps ? features.reshape(features.dim(0), features.dim(1), 1, 1) : features);
  }

  /** Which tensor the features are. */
  private String recorded() {
    return Training.json("networks/" + name + ".json").get("features").asText();
  }

  /** Compares with a recorded tensor, relative to its largest element. */
  void assertClose(String tensor, Tensor actual, double tolerance) {
    Training.assertClose(tensor, tensors.get(tensor), actual.toDoubles(), tolerance);
  }

  static Shape shape(JsonNode sizes) {
    return Shape.of(
        StreamSupport.stream(sizes.spliterator(), false).mapToLong(JsonNode::asLong).toArray());
  }
}
