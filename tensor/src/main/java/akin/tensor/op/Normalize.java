package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import akin.tensor.backend.Unary;

/**
 * Y = X/max(‖X‖, eps), ‖·‖ the Euclidean norm along {@code axis}: puts every vector on the unit
 * sphere.
 *
 * <p>dX = (dY − Y·⟨dY, Y⟩)/‖X‖: the part of dY along Y is lost, because scaling X does not move Y.
 * Where ‖X‖ ≤ eps, dX = dY/eps; so at X = 0, where Y = 0.
 */
public record Normalize(int axis, double eps) implements Op {
  @Override
  public Shape shape(Shape... in) {
    in[0].axis(axis);
    return in[0];
  }

  @Override
  public void forward(Context c) {
    Backend backend = c.backend();
    AxisView v = AxisView.of(c.shape(0), axis);
    Buffer squares = c.temp(c.shape(0).count());
    Buffer norm = c.save(v.reduced().count());
    backend.unary(Unary.SQUARE, 0, 0, c.in(0), squares);
    v.reduce(c, Reduction.SUM, squares, norm);
    backend.unary(Unary.SQRT, 0, 0, norm, norm);
    backend.unary(Unary.CLAMP, eps, Double.POSITIVE_INFINITY, norm, norm);
    backend.binary(Binary.DIV, c.in(0), norm, c.out(), Broadcast.of(v.full(), v.reduced()));
  }

  @Override
  public void backward(Context c) {
    Backend backend = c.backend();
    AxisView v = AxisView.of(c.shape(0), axis);
    Broadcast perElement = Broadcast.of(v.full(), v.full());
    Broadcast perVector = Broadcast.of(v.full(), v.reduced());
    Buffer norm = c.saved(0);
    Buffer dx = c.temp(c.shape(0).count());
    Buffer along = c.temp(norm.length()); // ⟨dY, Y⟩
    backend.binary(Binary.MUL, c.grad(), c.out(), dx, perElement);
    v.reduce(c, Reduction.SUM, dx, along);
    zeroWhereClamped(c, norm, along, v.reduced());

    Buffer radial = c.temp(dx.length());
    backend.binary(Binary.MUL, c.out(), along, radial, perVector);
    backend.binary(Binary.SUB, c.grad(), radial, radial, perElement);
    backend.binary(Binary.DIV, radial, norm, dx, perVector);
    c.accumulate(0, dx);
  }

  private void zeroWhereClamped(Context c, Buffer norm, Buffer along, Shape reduced) {
    Buffer floor = c.temp(1);
    Buffer above = c.temp(norm.length());
    c.backend().fill(floor, eps);
    c.backend().binary(Binary.GREATER, norm, floor, above, Broadcast.of(reduced, Shape.of()));
    c.backend().binary(Binary.MUL, along, above, along, Broadcast.of(reduced, reduced));
  }
}
