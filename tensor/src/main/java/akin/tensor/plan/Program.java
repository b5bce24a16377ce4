package akin.tensor.plan;

import akin.tensor.Tensor;
import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The nodes of a graph in the order of their run, and numbered places for what they read and write:
 * what a backend is given to prepare.
 *
 * @param steps in order
 * @param places by number
 * @param input number of the place that is given; its content stays
 * @param output number of the place that receives the result
 */
public record Program(List<Step> steps, List<Place> places, int input, int output) {
  /**
   * One node with the places of its tensors.
   *
   * @param inputs numbers of places, in the order of the node's inputs
   * @param output number of a place
   */
  public record Step(Node node, List<Integer> inputs, int output) {}

  /**
   * Where tensors lie, one after the other.
   *
   * @param length elements of the longest
   * @param constant what holds a constant; null if the place is filled while the program runs
   */
  public record Place(long length, Buffer constant) {}

  /**
   * Lays a graph out. Its output is made by a node.
   *
   * @param buffers where constants lie
   */
  public static Program of(Graph graph, Function<Tensor, Buffer> buffers) {
    Layout layout = Layout.of(graph);
    List<Place> places = new ArrayList<>();
    layout.lengths().forEach(length -> places.add(new Place(length, null)));
    Map<Value, Integer> alone = new IdentityHashMap<>();
    Function<Value, Integer> number =
        value -> {
          Value root = value.root();
          if (layout.holds(root)) {
            return layout.placeOf(root);
          }
          return alone.computeIfAbsent(
              root,
              r -> {
                Buffer constant = r.isConstant() ? buffers.apply(r.constant()) : null;
                places.add(new Place(r.shape().count(), constant));
                return places.size() - 1;
              });
        };
    List<Step> steps = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<Integer> inputs = node.inputs().stream().map(number).toList();
      steps.add(new Step(node, inputs, number.apply(node.output())));
    }
    int input = number.apply(graph.input());
    return new Program(steps, places, input, number.apply(graph.output()));
  }

  /** The constant that a step reads as its input {@code i}, or null. */
  public Buffer constant(Step step, int i) {
    return i < step.inputs.size() ? places.get(step.inputs.get(i)).constant : null;
  }

  /** Whether a place is filled and emptied while the program runs. */
  boolean between(int place) {
    return place != input && place != output && places.get(place).constant == null;
  }

  /** Elements of all places that are filled and emptied while the program runs. */
  public long elements() {
    long elements = 0;
    for (int i = 0; i < places.size(); i++) {
      elements += between(i) ? places.get(i).length : 0;
    }
    return elements;
  }
}
