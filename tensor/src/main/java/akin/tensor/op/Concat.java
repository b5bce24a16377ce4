package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import akin.tensor.backend.Buffer;
import java.util.Arrays;

/**
 * Y = the inputs one behind the other along {@code axis}; their other axes are equal. The gradient
 * of each is its part of dY.
 */
public record Concat(int axis) implements Op {
  @Override
  public Shape shape(Shape... in) {
    ShapeException.check(
        in.length > 0,
        () -> ShapeException.of("concat: nothing to join").needed("at least one tensor"));
    long size = 0;
    for (Shape each : in) {
      ShapeException.check(
          each.rank() == in[0].rank() && each.with(axis, 1).equals(in[0].with(axis, 1)),
          () ->
              ShapeException.of("concat: the shapes differ elsewhere than along the axis")
                  .with("inputs", Arrays.toString(in))
                  .needed("equal sizes but for axis " + axis));
      size += each.size(axis);
    }
    return in[0].with(axis, size);
  }

  @Override
  public void forward(Context c) {
    AxisView y = AxisView.of(c.outShape(), axis);
    long start = 0;
    for (int i = 0; i < c.inputs(); i++) {
      AxisView x = AxisView.of(c.shape(i), axis);
      x.copy(c, c.in(i), 0, y, c.out(), start, x.axis());
      start += x.axis();
    }
  }

  @Override
  public void backward(Context c) {
    AxisView y = AxisView.of(c.outShape(), axis);
    long start = 0;
    for (int i = 0; i < c.inputs(); i++) {
      AxisView x = AxisView.of(c.shape(i), axis);
      if (c.wants(i)) {
        Buffer dx = c.temp(c.shape(i).count());
        y.copy(c, c.grad(), start, x, dx, 0, x.axis());
        c.accumulate(i, dx);
      }
      start += x.axis();
    }
  }

  /** Tensors of equal shape joined along a new axis. */
  public static Tensor stack(int axis, Tensor... parts) {
    Tensor[] raised = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      raised[i] = parts[i].reshape(parts[i].shape().inserting(axis, 1));
    }
    return Tensor.concat(axis, raised);
  }
}
