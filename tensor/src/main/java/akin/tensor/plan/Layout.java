package akin.tensor.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where the tensors between nodes lie. Tensors that are never needed at the same time share a
 * place: the longest is placed first, and each takes the shortest place that is long enough and
 * free from the node that makes it to the last that reads it. Elementwise work writes onto an
 * operand that nobody reads later, and what adds a residual in blocks onto that. The input, the
 * output and constants have places of their own, outside of this.
 *
 * <p>A place may be longer than a tensor in it only if all work on the tensor goes {@linkplain
 * Work#byShape by its shape}.
 *
 * <p>Source: Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020,
 * section 4.2 (greedy by size for shared objects).
 */
public final class Layout {
  private final Map<Value, Integer> places = new IdentityHashMap<>();
  private final List<Long> lengths = new ArrayList<>();

  /** Tensors that lie on each other, from the node that makes the first to the last reader. */
  private static final class Stay {
    private final List<Value> tensors = new ArrayList<>();
    private final int first;
    private int last;
    private boolean exact; // no place but one of its own length

    Stay(int first) {
      this.first = first;
      last = first;
    }

    long length() {
      return tensors.get(0).shape().count();
    }

    boolean meets(Stay other) {
      return first <= other.last && other.first <= last;
    }
  }

  /** Lays out what lies between input and output. */
  public static Layout of(Graph graph) {
    return new Layout(graph);
  }

  private Layout(Graph graph) {
    List<Stay> stays = stays(graph);
    stays.sort(Comparator.comparingLong(Stay::length).reversed()); // stable: else in their order
    List<List<Stay>> guests = new ArrayList<>();
    for (Stay stay : stays) {
      int place = place(stay, guests);
      guests.get(place).add(stay);
      stay.tensors.forEach(value -> places.put(value, place));
    }
  }

  private static List<Stay> stays(Graph graph) {
    Map<Value, Integer> lastRead = new IdentityHashMap<>();
    List<Node> nodes = graph.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      for (Value in : nodes.get(i).inputs()) {
        lastRead.put(in.root(), i);
      }
    }
    Map<Value, Stay> stays = new IdentityHashMap<>();
    List<Stay> all = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      Set<Stay> read = new HashSet<>();
      Stay onto = null;
      for (Value in : node.inputs()) {
        Stay stay = stays.get(in.root());
        if (stay != null && read.add(stay)) {
          stay.exact |= !node.work().byShape();
          boolean dies = lastRead.get(in.root()) == i;
          onto = onto == null && dies && overwrites(node, in) ? stay : onto;
        }
      }
      if (node.output() == graph.output().root()) {
        continue;
      }
      Stay stay = onto;
      if (stay == null) {
        stay = new Stay(i);
        all.add(stay);
      }
      stay.tensors.add(node.output());
      stay.exact |= !node.work().byShape();
      stay.last = lastRead.getOrDefault(node.output(), i);
      stays.put(node.output(), stay);
    }
    return all;
  }

  /**
   * Whether the output may lie where an operand lies: of elementwise work, where none is stretched;
   * and what is in blocks, where its residual lies, if it is read as nothing else.
   */
  private static boolean overwrites(Node node, Value operand) {
    if (node.output().block() > 1 && node.work() instanceof Fused fused) {
      Value residual = node.inputs().get(node.inputs().size() - 1).root();
      long times = node.inputs().stream().filter(in -> in.root() == operand.root()).count();
      return fused.residual() && residual == operand.root() && times == 1;
    }
    return node.work().inPlace()
        && node.inputs().stream().allMatch(in -> in.shape().equals(node.output().shape()));
  }

  /** The shortest place that takes a stay, or a new one. */
  private int place(Stay stay, List<List<Stay>> guests) {
    int best = -1;
    for (int i = 0; i < guests.size(); i++) {
      boolean fits = !stay.exact || lengths.get(i) == stay.length();
      if (fits
          && (best < 0 || lengths.get(i) < lengths.get(best))
          && guests.get(i).stream().noneMatch(stay::meets)) {
        best = i;
      }
    }
    if (best < 0) {
      best = guests.size();
      guests.add(new ArrayList<>());
      lengths.add(stay.length());
    }
    return best;
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
