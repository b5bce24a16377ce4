package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Broadcast;

/**
 * Y = X repeated along axes of size 1 (or missing in front) until it has shape {@code to}. dX = Σ
 * dY over the axes along which X repeats.
 */
public record Expand(Shape to) implements Op {
  @Override
  public Shape shape(Shape... in) {
    return Broadcast.stretch(in[0], to).out();
  }

  @Override
  public void forward(Context c) {
    if (c.shape(0).count() == to.count()) {
      c.share(0);
    } else {
      Stretch.to(c, c.in(0), c.shape(0), 1, c.out(), to);
    }
  }

  @Override
  public void backward(Context c) {
    c.accumulate(0, Stretch.sumTo(c, c.grad(), to, c.shape(0)));
  }
}
