package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.ConvShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins chains of convolutions whose middle is wide: 1×1, 3×3 of single channels, 1×1, where
 * nothing else reads what lies between them. The first may be missing, or be that of a picture.
 */
final class FuseInvertedResidual {
  /** Channels of a picture. */
  private static final int FEW = 4;

  private FuseInvertedResidual() {}

  static void apply(Graph graph) {
    for (Node node : List.copyOf(graph.nodes())) {
      if (pointwise(node)) {
        join(graph, node);
      }
    }
  }

  private static void join(Graph graph, Node last) {
    Node middle = graph.feeder(last.inputs().get(0));
    if (middle == null || !depthwise(middle)) {
      return;
    }
    Node first = graph.feeder(middle.inputs().get(0));
    List<Node> chain =
        first != null && (pointwise(first) || stem(first)) && !FusedConv2d.of(first).residual()
            ? List.of(first, middle, last)
            : List.of(middle, last);
    List<Value> inputs = new ArrayList<>(chain.get(0).inputs());
    List<FusedConv2d> parts = new ArrayList<>();
    for (Node node : chain) {
      parts.add(FusedConv2d.of(node));
      if (node != chain.get(0)) {
        inputs.addAll(node.inputs().subList(1, node.inputs().size()));
      }
    }
    List<Node> nodes = graph.nodes();
    Work work = new InvertedResidual(List.copyOf(parts));
    nodes.set(nodes.indexOf(last), new Node(work, last.path(), inputs, last.output()));
    nodes.removeAll(chain);
  }

  /** Whether a node is a convolution of one tap, all channels to all, with constant weights. */
  private static boolean pointwise(Node node) {
    FusedConv2d conv = FusedConv2d.of(node);
    if (conv == null || !constant(node, conv)) {
      return false;
    }
    Shape w = node.inputs().get(1).shape();
    return conv.groups() == 1
        && w.dim(2) == 1
        && w.dim(3) == 1
        && conv.window().equals(ConvShape.Window.plain());
  }

  /** Whether a node is a convolution of a picture, which has few channels. */
  private static boolean stem(Node node) {
    FusedConv2d conv = FusedConv2d.of(node);
    if (conv == null || !constant(node, conv)) {
      return false;
    }
    return conv.groups() == 1 && node.inputs().get(1).shape().dim(1) <= FEW && small(conv.window());
  }

  /** Whether windows lie at most 2 apart, the same both ways, and have no holes. */
  private static boolean small(ConvShape.Window window) {
    return window.strideH() == window.strideW()
        && window.strideH() <= 2
        && window.dilationH() == 1
        && window.dilationW() == 1;
  }

  /** Whether a node sees 3×3 cells of one channel for each of its own. */
  private static boolean depthwise(Node node) {
    FusedConv2d conv = FusedConv2d.of(node);
    if (conv == null || conv.residual() || !constant(node, conv)) {
      return false;
    }
    Shape w = node.inputs().get(1).shape();
    return conv.groups() == w.dim(0)
        && w.product(1, 4) == 9
        && w.dim(2) == 3
        && small(conv.window());
  }

  private static boolean constant(Node node, FusedConv2d conv) {
    return node.inputs().get(1).isConstant()
        && (!conv.biased() || node.inputs().get(2).isConstant());
  }
}
