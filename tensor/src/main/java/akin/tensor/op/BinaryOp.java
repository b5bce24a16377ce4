package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;

/**
 * Y = f(A, B) elementwise, both stretched over their common shape. dA = Σ dY·∂f/∂a over the axes
 * along which A was stretched; dB likewise. The formulas stand in {@link Binary}.
 */
public record BinaryOp(Binary f) implements Op {
  @Override
  public Shape shape(Shape... in) {
    return Broadcast.of(in[0], in[1]).out();
  }

  @Override
  public void forward(Context c) {
    Broadcast s = Broadcast.of(c.shape(0), c.shape(1));
    c.backend().binary(f, c.in(0), c.in(1), c.out(), s);
  }

  @Override
  public void backward(Context c) {
    Broadcast s = Broadcast.of(c.shape(0), c.shape(1));
    for (int i = 0; i < 2; i++) {
      if (c.wants(i)) {
        Buffer g = gradient(c, i, s);
        c.accumulate(i, Stretch.sumTo(c, g, c.outShape(), c.shape(i)));
      }
    }
  }

  private Buffer gradient(Context c, int i, Broadcast s) {
    if (f == Binary.ADD || f == Binary.SUB && i == 0) {
      return c.grad(); // slope 1: nothing to compute
    }
    Buffer g = c.temp(s.count());
    c.backend().binaryGrad(f, i == 0, c.in(0), c.in(1), c.out(), c.grad(), g, s);
    return g;
  }

  @Override
  public boolean differentiable() {
    return !f.flat();
  }

  @Override
  public String name() {
    return f.name().toLowerCase(java.util.Locale.ROOT);
  }
}
