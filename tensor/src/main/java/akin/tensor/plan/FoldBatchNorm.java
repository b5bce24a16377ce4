package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Binary;
import akin.tensor.op.BatchNorm;
import akin.tensor.op.BinaryOp;
import akin.tensor.op.MatMul;
import java.util.ArrayList;
import java.util.List;

/**
 * Folds a batch norm of fixed statistics into the convolution or linear layer that feeds it and
 * nothing else. With s[o] = γ[o]/√(σ²[o] + eps),
 *
 * <p>γ·(x ∗ w + b − μ)/√(σ² + eps) + β = x ∗ w′ + b′, w′[o,·] = w[o,·]·s[o], b′[o] = (b[o] −
 * μ[o])·s[o] + β[o],
 *
 * <p>computed once, in float64. Any other batch norm stays: one after a concatenation, a sum or a
 * pooling, or one whose input is read elsewhere, too.
 *
 * <p>Source: Jacob and others, "Quantization and training of neural networks for efficient
 * integer-arithmetic-only inference", CVPR 2018, section 3.2.
 */
final class FoldBatchNorm {
  private FoldBatchNorm() {}

  static void apply(Graph graph) {
    for (Node node : List.copyOf(graph.nodes())) {
      if (node.work() instanceof Work.Operator o
          && o.op() instanceof BatchNorm norm
          && norm.act() == Activation.IDENTITY
          && constant(node, 1)) {
        fold(graph, node, norm.eps());
      }
    }
  }

  /** y = scale·x + shift per channel: what a batch norm of fixed statistics is. */
  private record Line(double[] scale, double[] shift) {
    static Line of(Node norm, double eps) {
      double[] scale = norm.inputs().get(1).constant().toDoubles();
      double[] shift = norm.inputs().get(2).constant().toDoubles();
      double[] mean = norm.inputs().get(3).constant().toDoubles();
      double[] variance = norm.inputs().get(4).constant().toDoubles();
      for (int c = 0; c < scale.length; c++) {
        scale[c] /= Math.sqrt(variance[c] + eps);
        shift[c] -= mean[c] * scale[c];
      }
      return new Line(scale, shift);
    }

    /** The bias of both: b stands before the line, and may be missing. */
    Value bias(Graph graph, Value b) {
      double[] bias = shift.clone();
      if (b != null) {
        double[] before = b.constant().toDoubles();
        for (int c = 0; c < bias.length; c++) {
          bias[c] += before[c] * scale[c];
        }
      }
      return graph.constant(Shape.of(bias.length), bias);
    }

    /**
     * The weights of both.
     *
     * @param inner numbers in a row behind each other that belong to one channel
     */
    Value weights(Graph graph, Value w, int inner) {
      double[] values = w.constant().toDoubles();
      for (int i = 0; i < values.length; i++) {
        values[i] *= scale[i / inner % scale.length];
      }
      return graph.constant(w.shape(), values);
    }
  }

  private static void fold(Graph graph, Node norm, double eps) {
    Node before = graph.feeder(norm.inputs().get(0));
    if (before == null || !constant(before, 1)) {
      return;
    }
    FusedConv2d conv = FusedConv2d.of(before);
    if (conv != null && conv.open()) {
      Line line = Line.of(norm, eps);
      Value w = before.inputs().get(1);
      List<Value> inputs = new ArrayList<>(before.inputs().subList(0, 1));
      inputs.add(line.weights(graph, w, Math.toIntExact(w.shape().product(1, 4))));
      inputs.add(line.bias(graph, conv.biased() ? before.inputs().get(2) : null));
      graph.join(before, norm, new Node(conv.withBias(), before.path(), inputs, norm.output()));
      return;
    }
    if (product(before)) {
      linear(graph, before, null, norm, eps);
    } else if (sum(before)) {
      Node product = graph.feeder(before.inputs().get(0));
      Value bias = before.inputs().get(1);
      if (product != null
          && product(product)
          && bias.shape().equals(norm.inputs().get(1).shape())) {
        linear(graph, product, bias, norm, eps);
        graph.nodes().remove(before);
      }
    }
  }

  /** x·W becomes x·W′, and the batch norm the addition of b′. */
  private static void linear(Graph graph, Node product, Value bias, Node norm, double eps) {
    Line line = Line.of(norm, eps);
    Value x = product.inputs().get(0);
    Value w = product.inputs().get(1);
    MatMul op = (MatMul) ((Work.Operator) product.work()).op();
    Value folded = line.weights(graph, w, op.transB() ? w.shape().dim(1) : 1);
    List<Node> nodes = graph.nodes();
    nodes.set(
        nodes.indexOf(product),
        new Node(product.work(), product.path(), List.of(x, folded), product.output()));
    List<Value> terms = List.of(product.output(), line.bias(graph, bias));
    Work add = new Work.Operator(new BinaryOp(Binary.ADD));
    nodes.set(nodes.indexOf(norm), new Node(add, product.path(), terms, norm.output()));
  }

  /** Whether a node is the product of a linear layer: [N,in] by constant weights. */
  private static boolean product(Node node) {
    return node.work() instanceof Work.Operator o
        && o.op() instanceof MatMul op
        && !op.transA()
        && node.output().shape().rank() == 2
        && constant(node, 1);
  }

  private static boolean sum(Node node) {
    return node.work() instanceof Work.Operator o
        && o.op() instanceof BinaryOp op
        && op.f() == Binary.ADD
        && node.output().shape().rank() == 2
        && constant(node, 1);
  }

  /** Whether all inputs from {@code first} on are constants. */
  private static boolean constant(Node node, int first) {
    return node.inputs().stream().skip(first).allMatch(Value::isConstant);
  }
}
