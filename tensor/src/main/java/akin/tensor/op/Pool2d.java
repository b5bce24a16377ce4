package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.PoolShape;

/**
 * Y = the maximum or the mean of X [N,C,H,W] under a sliding window → [N,C,OH,OW]. Windows may
 * overlap and, with {@code ceil}, hang over the padding; see {@link PoolShape}.
 *
 * <p>Maximum: dY goes to the first largest element of its window. Mean: dY/divisor goes to every
 * element of its window.
 *
 * @param ceil round the number of outputs up
 * @param countPadding whether the divisor of a mean counts padded cells
 * @param divisor overrides the divisor of a mean; 0 for none
 */
public record Pool2d(
    PoolShape.Kind kind,
    int kh,
    int kw,
    ConvShape.Window window,
    boolean ceil,
    boolean countPadding,
    int divisor)
    implements Op {
  /** A square window; a mean counts padded cells, as PyTorch's default. */
  public static Pool2d square(PoolShape.Kind kind, int kernel, int stride, int padding) {
    ConvShape.Window window = ConvShape.Window.of(stride, padding);
    return new Pool2d(kind, kernel, kernel, window, false, true, 0);
  }

  /** This window, with the number of outputs rounded up. */
  public Pool2d roundedUp() {
    return new Pool2d(kind, kh, kw, window, true, countPadding, divisor);
  }

  @Override
  public Shape shape(Shape... in) {
    PoolShape s = sizes(in[0]);
    return in[0].with(2, s.outH()).with(3, s.outW());
  }

  @Override
  public void forward(Context c) {
    c.backend().pool2d(sizes(c.shape(0)), c.in(0), c.out());
  }

  @Override
  public void backward(Context c) {
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().pool2dGrad(sizes(c.shape(0)), c.in(0), c.out(), c.grad(), dx);
    c.accumulate(0, dx);
  }

  private PoolShape sizes(Shape input) {
    return PoolShape.sliding(kind, input, kh, kw, window, ceil, countPadding, divisor);
  }
}
