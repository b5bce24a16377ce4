package akin.tests;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A {@link GoldenCase} being computed: its inputs as tensors of the open scope. */
final class GoldenRun {
  private final GoldenCase golden;
  private final Map<String, Tensor> tensors = new HashMap<>();
  private int[] index;

  GoldenRun(GoldenCase golden) {
    this.golden = golden;
  }

  /** The input of this name; always the same tensor. */
  Tensor in(String name) {
    return tensors.computeIfAbsent(
        name,
        n -> {
          GoldenCase.Values of = golden.tensors().get(n);
          return Tensor.of(of.shape(), of.values()).requireGradient(golden.gradients().contains(n));
        });
  }

  /** The input x. */
  Tensor x() {
    return in("x");
  }

  /** The input a. */
  Tensor a() {
    return in("a");
  }

  /** The input b. */
  Tensor b() {
    return in("b");
  }

  /** The input of this name, or {@code otherwise} everywhere if the case has none. */
  Tensor orFull(String name, Shape shape, double otherwise) {
    return golden.tensors().containsKey(name) ? in(name) : Tensor.full(shape, otherwise);
  }

  /** The input of this name, or null. */
  Tensor orNull(String name) {
    return golden.tensors().containsKey(name) ? in(name) : null;
  }

  /** The whole numbers of this name. */
  int[] ints(String name) {
    return Arrays.stream(golden.tensors().get(name).values()).mapToInt(v -> (int) v).toArray();
  }

  /** Shape of a tensor of the case. */
  Shape shape(String name) {
    return golden.tensors().get(name).shape();
  }

  /** The attribute's number. */
  double real(String attribute) {
    return attr(attribute).asDouble();
  }

  /** The attribute's whole number. */
  int whole(String attribute) {
    return attr(attribute).asInt();
  }

  /** The attribute's numbers; a single number counts {@code n} times. */
  int[] wholes(String attribute, int n) {
    JsonNode node = attr(attribute);
    int[] values = new int[node.isArray() ? node.size() : n];
    for (int i = 0; i < values.length; i++) {
      values[i] = node.isArray() ? node.get(i).asInt() : node.asInt();
    }
    return values;
  }

  /** The attribute's truth; false if there is none. */
  boolean flag(String attribute) {
    return golden.attrs().path(attribute).asBoolean(false);
  }

  /** The attribute's word, or the empty text. */
  String text(String attribute) {
    return golden.attrs().path(attribute).asText("");
  }

  /** Whether the attribute is there and not null. */
  boolean has(String attribute) {
    return golden.attrs().hasNonNull(attribute);
  }

  /** Notes the index output that the composition found. */
  int[] found(int[] indices) {
    index = indices;
    return indices;
  }

  /** The index output, or null. */
  int[] index() {
    return index;
  }

  private JsonNode attr(String attribute) {
    JsonNode node = golden.attrs().get(attribute);
    if (node == null) {
      throw new IllegalStateException(golden + " has no attribute " + attribute);
    }
    return node;
  }
}
