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
        size + Math.min(before, 0) + Math.min(after, 0) >= 0,
        () ->
            ShapeException.of("pad: more is taken away than is there")
                .with("input", in[0])
                .with("padding", before + " before, " + after + " after along axis " + axis)
                .needed("size ≥ elements taken away;  size = " + size));
    return in[0].with(axis, size + before + after);
  }

  @Override
  public void forward(Context c) {
    Copy copy = new Copy(c);
    c.backend().fill(c.out(), value);
    c.backend()
        .copy2d(c.in(0), copy.x, copy.xPitch, c.out(), copy.y, copy.yPitch, copy.rows, copy.cols);
  }

  @Override
  public void backward(Context c) {
    Copy copy = new Copy(c);
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().fill(dx, 0);
    c.backend()
        .copy2d(c.grad(), copy.y, copy.yPitch, dx, copy.x, copy.xPitch, copy.rows, copy.cols);
    c.accumulate(0, dx);
  }

  /** The block that X and Y have in common: where it starts in each, and its size. */
  private final class Copy {
    final long x;
    final long xPitch;
    final long y;
    final long yPitch;
    final long rows;
    final long cols;

    Copy(Context c) {
      AxisView v = AxisView.of(c.shape(0), axis);
      x = Math.max(-before, 0) * v.inner();
      y = Math.max(before, 0) * v.inner();
      xPitch = v.axis() * v.inner();
      yPitch = c.outShape().size(axis) * v.inner();
      rows = v.outer();
      cols = (v.axis() + Math.min(before, 0) + Math.min(after, 0)) * v.inner();
    }
  }
}
