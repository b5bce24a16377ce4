package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;

/**
 * Y = X with {@code before} and {@code after} elements of {@code value} put around it along {@code
 * axis}; a negative number takes elements away. dX = the part of dY that came from X, 0 for what
 * was taken away.
 */
public record Pad(int axis, int before, int after, double value) implements Op {
  @Override
  public Shape shape(Shape... in) {
    long size = in[0].size(axis);
    ShapeException.check(
        common(size) >= 0,
        () ->
            ShapeException.of("pad: more is taken away than is there")
                .with("input", in[0])
                .with("padding", before + " before, " + after + " after along axis " + axis)
                .needed("size ≥ elements taken away;  size = " + size));
    return in[0].with(axis, size + before + after);
  }

  @Override
  public void forward(Context c) {
    AxisView x = AxisView.of(c.shape(0), axis);
    AxisView y = AxisView.of(c.outShape(), axis);
    c.backend().fill(c.out(), value);
    x.copy(c, c.in(0), startX(), y, c.out(), startY(), common(x.axis()));
  }

  @Override
  public void backward(Context c) {
    AxisView x = AxisView.of(c.shape(0), axis);
    AxisView y = AxisView.of(c.outShape(), axis);
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().fill(dx, 0);
    y.copy(c, c.grad(), startY(), x, dx, startX(), common(x.axis()));
    c.accumulate(0, dx);
  }

  /** Where the part that X and Y have in common begins in X. */
  private long startX() {
    return Math.max(-before, 0);
  }

  private long startY() {
    return Math.max(before, 0);
  }

  /** How long that part is. */
  private long common(long size) {
    return size + Math.min(before, 0) + Math.min(after, 0);
  }
}
