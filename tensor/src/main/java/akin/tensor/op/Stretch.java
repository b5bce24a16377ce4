package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;

/** Broadcasting of one operand, and its adjoint, summation. */
final class Stretch {
  private Stretch() {}

  /** y = scale·x, where x repeats along every axis that {@code from} has as 1 or not at all. */
  static void to(Context c, Buffer x, Shape from, double scale, Buffer y, Shape to) {
    Buffer factor = c.temp(1);
    c.backend().fill(factor, scale);
    c.backend().binary(Binary.MUL, x, factor, y, Broadcast.stretch(from, to));
  }

  /** Σ of {@code g}, shaped {@code from}, over every axis along which {@code to} repeats. */
  static Buffer sumTo(Context c, Buffer g, Shape from, Shape to) {
    int missing = from.rank() - to.rank();
    boolean[] repeats = new boolean[from.rank()];
    for (int i = 0; i < repeats.length; i++) {
      repeats[i] = i < missing || to.size(i - missing) == 1;
    }
    for (AxisView view : AxisView.over(from, repeats)) {
      Buffer sum = c.temp(view.outer() * view.inner());
      view.reduce(c, Reduction.SUM, g, sum);
      g = sum;
    }
    return g;
  }
}
