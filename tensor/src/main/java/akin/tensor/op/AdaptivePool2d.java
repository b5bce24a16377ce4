package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.PoolShape;

/**
 * Y = the maximum or the mean of X [N,C,H,W] in OH×OW windows that cover it → [N,C,OH,OW]: output
 * row i sees rows ⌊i·H/OH⌋ … ⌈(i+1)·H/OH⌉ − 1, columns likewise. The gradient is that of {@link
 * Pool2d}.
 */
public record AdaptivePool2d(PoolShape.Kind kind, int outH, int outW) implements Op {
  @Override
  public Shape shape(Shape... in) {
    PoolShape s = sizes(in[0]);
    return in[0].with(2, s.outH()).with(3, s.outW());
  }

  @Override
  public void forward(Context c) {
    c.backend().pool2d(sizes(c.shape(0)), c.in(0), c.out());
  }

  @Override
  public void backward(Context c) {
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().pool2dGrad(sizes(c.shape(0)), c.in(0), c.out(), c.grad(), dx);
    c.accumulate(0, dx);
  }

  private PoolShape sizes(Shape input) {
    return PoolShape.adaptive(kind, input, outH, outW);
  }
}
