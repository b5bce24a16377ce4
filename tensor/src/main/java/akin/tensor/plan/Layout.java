package akin.tensor.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the tensors between nodes lie. A place is free again after the last node that reads it, and
 * the next tensor of the same length takes it; elementwise work writes onto an operand that nobody
 * reads later. The input, the output and constants have places of their own, outside of this.
 */
public final class Layout {
  private final Map<Value, Integer> places = new IdentityHashMap<>();
  private final List<Long> lengths = new ArrayList<>();
  private final Map<Long, Deque<Integer>> free = new HashMap<>();

  /** Lays out what lies between input and output. */
  public static Layout of(Graph graph) {
    return new Layout(graph);
  }

  private Layout(Graph graph) {
    Map<Value, Integer> lastRead = new IdentityHashMap<>();
    List<Node> nodes = graph.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      for (Value in : nodes.get(i).inputs()) {
        lastRead.put(in.root(), i);
      }
    }
    Value result = graph.output().root();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      List<Value> dying = new ArrayList<>();
      for (Value in : node.inputs()) {
        Value root = in.root();
        if (places.containsKey(root) && lastRead.get(root) == i && !dying.contains(root)) {
          dying.add(root);
        }
      }
      if (node.output() != result) {
        Value onto = onto(node, dying);
        places.put(node.output(), onto == null ? place(node.output()) : places.get(onto));
        dying.remove(onto);
      }
      dying.forEach(value -> free(value).push(places.get(value)));
    }
  }

  /** The operand that the output may overwrite, or null; none may be stretched. */
  private static Value onto(Node node, List<Value> dying) {
    boolean plain = node.inputs().stream().allMatch(in -> in.shape().equals(node.output().shape()));
    return node.work().inPlace() && plain && !dying.isEmpty() ? dying.get(0) : null;
  }

  private int place(Value value) {
    Integer waiting = free(value).poll();
    if (waiting != null) {
      return waiting;
    }
    lengths.add(value.shape().count());
    return lengths.size() - 1;
  }

  private Deque<Integer> free(Value value) {
    return free.computeIfAbsent(value.shape().count(), length -> new ArrayDeque<>());
  }

  /** Elements of each place. */
  public List<Long> lengths() {
    return Collections.unmodifiableList(lengths);
  }

  /** Whether a tensor has its place here. */
  public boolean holds(Value value) {
    return places.containsKey(value.root());
  }

  /** The number of its place. */
  public int placeOf(Value value) {
    return places.get(value.root());
  }
}
