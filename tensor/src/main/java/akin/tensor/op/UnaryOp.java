package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Unary;

/** Y = f(X; a, b) elementwise. dX = dY·f′(X; a, b). The formulas stand in {@link Unary}. */
public record UnaryOp(Unary f, double a, double b) implements Op {
  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public void forward(Context c) {
    c.backend().unary(f, a, b, c.in(0), c.out());
  }

  @Override
  public void backward(Context c) {
    Buffer dx = c.gradOrTemp();
    c.backend().unaryGrad(f, a, b, c.in(0), c.out(), c.grad(), dx);
    c.accumulate(0, dx);
  }

  @Override
  public String name() {
    return f.name().toLowerCase(java.util.Locale.ROOT);
  }
}
