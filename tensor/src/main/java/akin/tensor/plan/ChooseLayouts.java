package akin.tensor.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses in which order the numbers of each value lie: as [N,C,H,W], or in {@link Blocking blocks}
 * of channels. Nodes that a backend takes in blocks and that hand values to each other are a group.
 * Every node of a group is spared turning over what it reads and what it writes; every value that
 * comes into the group from outside, or is read there, is turned over by a node of its own. So a
 * group is done in blocks if it has less than two of these for each of its nodes.
 */
final class ChooseLayouts {
  private final Graph graph;
  private final Blocking blocking;
  private final Map<Node, Node> groups = new IdentityHashMap<>(); // a node and its group's first
  private final Map<Value, Node> makers = new IdentityHashMap<>();
  private final Map<Value, List<Node>> readers = new IdentityHashMap<>(); // null: the output
  private final Map<Value, Value> blocked = new IdentityHashMap<>();
  private final List<Node> nodes = new ArrayList<>();

  private ChooseLayouts(Graph graph, Blocking blocking) {
    this.graph = graph;
    this.blocking = blocking;
  }

  static void apply(Graph graph, Blocking blocking) {
    ChooseLayouts choice = new ChooseLayouts(graph, blocking);
    choice.group();
    choice.drop();
    graph.nodes().forEach(choice::add);
    graph.nodes().clear();
    graph.nodes().addAll(choice.nodes);
  }

  private void group() {
    for (Node node : graph.nodes()) {
      makers.put(node.output(), node);
      for (Value in : node.inputs()) {
        readers.computeIfAbsent(in.root(), v -> new ArrayList<>()).add(node);
      }
      if (blocking.takes(node) && node.inputs().stream().noneMatch(ChooseLayouts::reshaped)) {
        groups.put(node, node);
        for (Value in : values(node)) {
          Node maker = makers.get(in);
          if (groups.containsKey(maker)) {
            unite(groups.get(maker), groups.get(node));
          }
        }
      }
    }
    readers.computeIfAbsent(graph.output().root(), v -> new ArrayList<>()).add(null);
  }

  /** Whether a node would see blocks in another shape. */
  private static boolean reshaped(Value value) {
    return !value.shape().equals(value.root().shape());
  }

  private void unite(Node one, Node other) {
    groups.replaceAll((node, first) -> first == other ? one : first);
  }

  /** What a node of a group reads in blocks. */
  private List<Value> values(Node node) {
    return node.inputs().stream().map(Value::root).filter(blocking::divides).toList();
  }

  /** Leaves out the groups that do not pay. */
  private void drop() {
    for (Node first : graph.nodes()) {
      if (groups.get(first) == first && !pays(first)) {
        groups.values().removeIf(g -> g == first);
      }
    }
  }

  private boolean pays(Node first) {
    Set<Value> turned = Collections.newSetFromMap(new IdentityHashMap<>());
    int size = 0;
    for (Node node : graph.nodes()) {
      if (groups.get(node) == first) {
        size++;
        values(node).stream().filter(v -> !groups.containsKey(makers.get(v))).forEach(turned::add);
        if (leaves(node)) {
          turned.add(node.output());
        }
      }
    }
    return turned.size() < 2 * size;
  }

  /** Whether somebody else than groups reads what a node of a group makes. */
  private boolean leaves(Node node) {
    return blocking.divides(node.output())
        && readers.getOrDefault(node.output(), List.of()).stream()
            .anyMatch(reader -> !groups.containsKey(reader));
  }

  private void add(Node node) {
    if (!groups.containsKey(node)) {
      nodes.add(node);
      return;
    }
    List<Value> inputs = new ArrayList<>();
    for (Value in : node.inputs()) {
      boolean divides = blocking.divides(in.root());
      inputs.add(divides ? blocked.computeIfAbsent(in.root(), v -> into(v, node)) : in);
    }
    Value output = node.output();
    if (!blocking.divides(output)) {
      nodes.add(new Node(node.work(), node.path(), inputs, output));
      return;
    }
    Value made = Value.of(output.shape(), blocking.channels());
    blocked.put(output, made);
    nodes.add(new Node(node.work(), node.path(), inputs, made));
    if (leaves(node)) {
      nodes.add(new Node(new Reorder(made.block(), false), node.path(), List.of(made), output));
    }
  }

  private Value into(Value value, Node reader) {
    Value made = Value.of(value.shape(), blocking.channels());
    nodes.add(new Node(new Reorder(made.block(), true), reader.path(), List.of(value), made));
    return made;
  }
}
