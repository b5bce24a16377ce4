package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;

/** Y = α·X + β elementwise: arithmetic with numbers. dX = α·dY. */
public record Affine(double alpha, double beta) implements Op {
  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public void forward(Context c) {
    c.backend().affine(alpha, c.in(0), beta, c.out());
  }

  @Override
  public void backward(Context c) {
    if (alpha == 1) {
      c.accumulate(0, c.grad());
      return;
    }
    Buffer dx = c.gradOrTemp();
    c.backend().affine(alpha, c.grad(), 0, dx);
    c.accumulate(0, dx);
  }
}
