package akin.tensor.op;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Noise;

/**
 * Y = X·M, where each element of the mask M is 0 with probability p and 1/(1 − p) otherwise, so
 * that the mean of Y is X. dX = dY·M, with the same mask.
 *
 * <p>Source: Srivastava and others, "Dropout", 2014.
 *
 * @param p probability of dropping an element, 0 ≤ p &lt; 1
 * @param stream which mask: the same stream gives the same one
 */
public record Dropout(double p, RandomStream stream) implements Op {
  /** Checks p. */
  public Dropout {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout: 0 ≤ p < 1 is needed; p = " + p);
    }
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public void forward(Context c) {
    Buffer mask = c.save(c.shape(0).count());
    c.backend().random(Noise.MASK, stream, 1 - p, 1 / (1 - p), mask);
    c.backend().binary(Binary.MUL, c.in(0), mask, c.out(), plain(c));
  }

  @Override
  public void backward(Context c) {
    Buffer dx = c.gradOrTemp();
    c.backend().binary(Binary.MUL, c.grad(), c.saved(0), dx, plain(c));
    c.accumulate(0, dx);
  }

  @Override
  public boolean pure() {
    return false;
  }

  private static Broadcast plain(Context c) {
    return Broadcast.of(c.shape(0), c.shape(0));
  }
}
