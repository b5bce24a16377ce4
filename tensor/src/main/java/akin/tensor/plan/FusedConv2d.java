package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.op.Context;
import akin.tensor.op.Conv2d;

/**
 * Y = act(X ∗ W + b + R): a convolution with what follows it done while its sums are in registers.
 * X [N,C,H,W], W [O,C/groups,KH,KW], b [O] if {@code biased}, R like Y if {@code residual}.
 */
public record FusedConv2d(
    ConvShape.Window window, int groups, boolean biased, boolean residual, Activation act)
    implements Fused {
  /** The convolution of a node, with its epilogue; null if it is something else. */
  public static FusedConv2d of(Node node) {
    if (node.work() instanceof Work.Operator o && o.op() instanceof Conv2d c) {
      boolean biased = node.inputs().size() == 3;
      return new FusedConv2d(c.window(), c.groups(), biased, false, Activation.IDENTITY);
    }
    return node.work() instanceof FusedConv2d fused ? fused : null;
  }

  /** The sizes of a node that does this. */
  public ConvShape shape(Node node) {
    return ConvShape.of(node.inputs().get(0).shape(), node.inputs().get(1).shape(), window, groups);
  }

  @Override
  public void forward(Context c) {
    ConvShape s = ConvShape.of(c.shape(0), c.shape(1), window, groups);
    Buffer bias = biased ? c.in(2) : null;
    Buffer added = residual ? c.in(biased ? 3 : 2) : null;
    c.backend().conv2d(s, c.in(0), c.in(1), bias, added, act, c.out());
  }

  @Override
  public boolean byShape() {
    return true;
  }

  /** [O,1,1] or [1,O,1,1] for an output [N,O,H,W]. */
  @Override
  public boolean perChannel(Shape shape, Shape product, Shape seen) {
    Shape channels = Shape.of(product.size(1), 1, 1);
    return seen.equals(product)
        && (shape.equals(channels) || shape.equals(channels.inserting(0, 1)));
  }

  @Override
  public FusedConv2d withBias() {
    return new FusedConv2d(window, groups, true, residual, act);
  }

  @Override
  public FusedConv2d withResidual() {
    return new FusedConv2d(window, groups, biased, true, act);
  }

  @Override
  public FusedConv2d withActivation(Activation other) {
    return new FusedConv2d(window, groups, biased, residual, other);
  }

  @Override
  public String name() {
    return (groups == 1 ? "Conv2d" : "Conv2d in " + groups + " groups") + epilogue();
  }
}
