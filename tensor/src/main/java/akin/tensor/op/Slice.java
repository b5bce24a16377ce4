package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;

/**
 * Y = X from {@code from} (inclusive) to {@code to} (exclusive) along {@code axis}. dX = dY there,
 * 0 elsewhere.
 */
public record Slice(int axis, long from, long to) implements Op {
  @Override
  public Shape shape(Shape... in) {
    long size = in[0].size(axis);
    ShapeException.check(
        0 <= from && from <= to && to <= size,
        () ->
            ShapeException.of("slice: outside the tensor")
                .with("input", in[0])
                .with("axis", axis)
                .needed("0 ≤ from ≤ to ≤ " + size + ";  from " + from + " to " + to));
    return in[0].with(axis, to - from);
  }

  @Override
  public void forward(Context c) {
    AxisView x = AxisView.of(c.shape(0), axis);
    long pitch = x.axis() * x.inner();
    long width = (to - from) * x.inner();
    c.backend().copy2d(c.in(0), from * x.inner(), pitch, c.out(), 0, width, x.outer(), width);
  }

  @Override
  public void backward(Context c) {
    AxisView x = AxisView.of(c.shape(0), axis);
    long pitch = x.axis() * x.inner();
    long width = (to - from) * x.inner();
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().fill(dx, 0);
    c.backend().copy2d(c.grad(), 0, width, dx, from * x.inner(), pitch, x.outer(), width);
    c.accumulate(0, dx);
  }
}
