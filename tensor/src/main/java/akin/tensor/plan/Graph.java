package akin.tensor.plan;

import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A computation as a list of nodes in an order in which they can run. It has one input and one
 * output; everything else is made by a node or is a constant.
 */
public final class Graph {
  private final Scope constants;
  private final Value input;
  private final Value output;
  private final List<Node> nodes;

  /**
   * @param constants owns the constants that passes make
   * @param nodes in order; the graph changes its own copy
   */
  public Graph(Scope constants, Value input, Value output, List<Node> nodes) {
    this.constants = constants;
    this.input = input;
    this.output = output;
    this.nodes = new ArrayList<>(nodes);
  }

  /** What the computation is given. */
  public Value input() {
    return input;
  }

  /** What it is for. */
  public Value output() {
    return output;
  }

  /** The nodes in order; passes change the list. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Applies the passes that change no output by more than rounding. */
  public void simplify() {
    DropNoOps.apply(this);
    FoldBatchNorm.apply(this);
    FuseEpilogue.apply(this);
    FuseInvertedResidual.apply(this);
    DropUnused.apply(this);
  }

  /** Chooses the order in which values lie: the last pass. */
  public void layOut(Blocking blocking) {
    ChooseLayouts.apply(this, blocking);
  }

  /** The node that makes {@code value} for one reader only, or null if there is none. */
  Node feeder(Value value) {
    if (uses(value) != 1) {
      return null;
    }
    for (Node node : nodes) {
      if (node.output() == value) {
        return node;
      }
    }
    return null;
  }

  /** The node that makes the memory of {@code value} for one reader only, or null. */
  Node maker(Value value) {
    return feeder(value.root());
  }

  /** How often {@code value}'s memory is read, by nodes or as the output. */
  private int uses(Value value) {
    int uses = output.root() == value.root() ? 1 : 0;
    for (Node node : nodes) {
      for (Value in : node.inputs()) {
        uses += in.root() == value.root() ? 1 : 0;
      }
    }
    return uses;
  }

  /** Puts {@code both} where {@code reader} stood, for it and its feeder. */
  void join(Node feeder, Node reader, Node both) {
    nodes.set(nodes.indexOf(reader), both);
    nodes.remove(feeder);
  }

  /** A new constant, rounded to the backend's precision. */
  Value constant(Shape shape, double[] values) {
    return constants.run(() -> Value.constant(Tensor.of(shape, values)));
  }
}
