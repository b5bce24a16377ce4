package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;

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
    AxisView v = AxisView.of(c.shape(0), axis);
    Buffer norm = c.save(v.reduced().count());
    c.backend().normalize(c.in(0), c.out(), norm, v.outer(), v.axis(), v.inner(), eps);
  }

  @Override
  public void backward(Context c) {
    AxisView v = AxisView.of(c.shape(0), axis);
    Buffer dx = c.temp(c.shape(0).count());
    c.backend()
        .normalizeGrad(c.out(), c.saved(0), c.grad(), dx, v.outer(), v.axis(), v.inner(), eps);
    c.accumulate(0, dx);
  }
}
