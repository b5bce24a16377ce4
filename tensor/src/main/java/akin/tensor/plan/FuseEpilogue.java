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
 * Moves what follows a convolution or a linear layer into its epilogue, y = act(x ∗ w + b + r),
 * where nothing else reads the sum:
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
    Activation act = Activation.of(f);
    Node product = graph.maker(node.inputs().get(0));
    Fused work = product == null ? null : Fused.of(product);
    if (act != null && work != null && work.act() == Activation.IDENTITY) {
      join(graph, product, node, work.withActivation(act), product.inputs());
    }
  }

  /** Fuses the addition {@code node} into its operand {@code side}, if that is a product. */
  private static boolean sum(Graph graph, Node node, int side) {
    Value sum = node.inputs().get(side);
    Node product = graph.maker(sum);
    Fused work = product == null ? null : Fused.of(product);
    Shape shape = node.output().shape();
    if (work == null || !work.open() || !sum.shape().equals(shape)) {
      return false;
    }
    Value other = node.inputs().get(1 - side);
    List<Value> inputs = new ArrayList<>(product.inputs());
    if (other.shape().equals(shape)) {
      inputs.add(other);
      join(graph, product, node, work.withResidual(), inputs);
      return true;
    }
    boolean constants = other.isConstant() && (!work.biased() || inputs.get(2).isConstant());
    if (!constants || !work.perChannel(other.shape(), product.output().shape(), shape)) {
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
    join(graph, product, node, work.withBias(), inputs);
    return true;
  }

  private static void join(Graph graph, Node product, Node reader, Fused work, List<Value> inputs) {
    graph.join(product, reader, new Node(work, product.path(), inputs, reader.output()));
  }
}
