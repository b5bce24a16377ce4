package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Unary;
import akin.tensor.op.BinaryOp;
import akin.tensor.op.UnaryOp;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves what follows a convolution into its epilogue, y = act(x ∗ w + b + r), where nothing else
 * reads the sum:
 *
 * <ul>
 *   <li>x ∗ w + c or c + x ∗ w with a constant c, one number per channel: a bias
 *   <li>x ∗ w + r or r + x ∗ w with r like y: a residual
 *   <li>relu(·), relu6(·)
 * </ul>
 *
 * <p>The fused node stands where the last of them stood, so that r has been computed before.
 */
final class FuseEpilogue {
  private FuseEpilogue() {}

  static void apply(Graph graph) {
    for (Node node : List.copyOf(graph.nodes())) {
      if (node.work() instanceof Work.Operator o && o.op() instanceof UnaryOp unary) {
        activation(graph, node, unary.f());
      } else if (node.work() instanceof Work.Operator o
          && o.op() instanceof BinaryOp binary
          && binary.f() == Binary.ADD) {
        boolean fused = sum(graph, node, 0) || sum(graph, node, 1);
      }
    }
  }

  private static void activation(Graph graph, Node node, Unary f) {
    Activation act = f == Unary.RELU ? Activation.RELU : f == Unary.RELU6 ? Activation.RELU6 : null;
    Node conv = graph.feeder(node.inputs().get(0));
    FusedConv2d work = conv == null ? null : FusedConv2d.of(conv);
    if (act != null && work != null && work.act() == Activation.IDENTITY) {
      join(graph, conv, node, work.withActivation(act), conv.inputs());
    }
  }

  /** Fuses the addition {@code node} into its operand {@code side}, if that is a convolution. */
  private static boolean sum(Graph graph, Node node, int side) {
    Node conv = graph.feeder(node.inputs().get(side));
    FusedConv2d work = conv == null ? null : FusedConv2d.of(conv);
    Shape shape = node.output().shape();
    if (work == null || !work.open() || !conv.output().shape().equals(shape)) {
      return false;
    }
    Value other = node.inputs().get(1 - side);
    List<Value> inputs = new ArrayList<>(conv.inputs());
    if (other.shape().equals(shape)) {
      inputs.add(other);
      join(graph, conv, node, work.withResidual(), inputs);
      return true;
    }
    if (!other.isConstant() || !perChannel(other.shape(), shape)) {
      return false;
    }
    double[] bias = other.constant().toDoubles();
    if (work.biased()) {
      double[] first = inputs.remove(2).constant().toDoubles();
      for (int o = 0; o < bias.length; o++) {
        bias[o] += first[o];
      }
    }
    inputs.add(graph.constant(Shape.of(bias.length), bias));
    join(graph, conv, node, work.withBias(), inputs);
    return true;
  }

  /** Whether a shape is [O,1,1] or [1,O,1,1] for an output [N,O,H,W]. */
  private static boolean perChannel(Shape shape, Shape output) {
    Shape channels = Shape.of(output.size(1), 1, 1);
    return shape.equals(channels) || shape.equals(channels.inserting(0, 1));
  }

  private static void join(
      Graph graph, Node conv, Node reader, FusedConv2d work, List<Value> inputs) {
    graph.join(conv, reader, new Node(work, conv.path(), inputs, reader.output()));
  }
}
