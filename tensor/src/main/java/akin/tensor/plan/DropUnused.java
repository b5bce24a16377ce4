package akin.tensor.plan;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Drops nodes on which the output does not depend. */
final class DropUnused {
  private DropUnused() {}

  static void apply(Graph graph) {
    Set<Value> needed = Collections.newSetFromMap(new IdentityHashMap<>());
    needed.add(graph.output().root());
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed.contains(nodes.get(i).output())) {
        nodes.get(i).inputs().forEach(in -> needed.add(in.root()));
      } else {
        nodes.remove(i);
      }
    }
  }
}
