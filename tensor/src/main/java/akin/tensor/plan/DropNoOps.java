package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.op.Affine;
import akin.tensor.op.Concat;
import akin.tensor.op.Expand;
import akin.tensor.op.Op;
import akin.tensor.op.Pad;
import akin.tensor.op.Reduce;
import akin.tensor.op.Reshape;
import akin.tensor.op.Slice;

/**
 * Drops what moves and changes nothing: y = x, perhaps in another shape. The output becomes a view
 * of the input.
 *
 * <ul>
 *   <li>a reshape; an expansion, slice or concatenation that keeps the number of elements
 *   <li>a padding by nothing; a reduction over axes of size 1
 *   <li>1·x + 0
 * </ul>
 */
final class DropNoOps {
  private DropNoOps() {}

  static void apply(Graph graph) {
    graph
        .nodes()
        .removeIf(
            node -> {
              boolean drop = node.work() instanceof Work.Operator o && idle(o.op(), node);
              if (drop) {
                node.output().view(node.inputs().get(0));
              }
              return drop;
            });
  }

  private static boolean idle(Op op, Node node) {
    Shape in = node.inputs().get(0).shape();
    if (in.count() != node.output().shape().count()) {
      return false;
    }
    if (op instanceof Pad pad) {
      return pad.before() == 0 && pad.after() == 0;
    }
    if (op instanceof Affine affine) {
      return affine.alpha() == 1 && affine.beta() == 0;
    }
    return op instanceof Reshape
        || op instanceof Expand
        || op instanceof Slice
        || op instanceof Reduce
        || op instanceof Concat && node.inputs().size() == 1;
  }
}
