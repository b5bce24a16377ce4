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
    AxisView y = AxisView.of(c.outShape(), axis);
    x.copy(c, c.in(0), from, y, c.out(), 0, to - from);
  }

  @Override
  public void backward(Context c) {
    AxisView x = AxisView.of(c.shape(0), axis);
    AxisView y = AxisView.of(c.outShape(), axis);
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().fill(dx, 0);
    y.copy(c, c.grad(), 0, x, dx, from, to - from);
    c.accumulate(0, dx);
  }
}
