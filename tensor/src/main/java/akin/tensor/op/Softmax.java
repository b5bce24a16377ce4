package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;

/**
 * Y = e^X/Σ e^X along {@code axis}, or its logarithm X − ln Σ e^X, both with the maximum taken off
 * first, so that nothing overflows.
 *
 * <p>dX = Y·(dY − Σ dY·Y); for the logarithm dX = dY − e^Y·Σ dY. Sums run along the axis.
 */
public record Softmax(boolean log, int axis) implements Op {
  @Override
  public Shape shape(Shape... in) {
    in[0].axis(axis);
    return in[0];
  }

  @Override
  public void forward(Context c) {
    AxisView v = AxisView.of(c.shape(0), axis);
    c.backend().softmax(log, c.in(0), c.out(), v.outer(), v.axis(), v.inner());
  }

  @Override
  public void backward(Context c) {
    AxisView v = AxisView.of(c.shape(0), axis);
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().softmaxGrad(log, c.out(), c.grad(), dx, v.outer(), v.axis(), v.inner());
    c.accumulate(0, dx);
  }
}
