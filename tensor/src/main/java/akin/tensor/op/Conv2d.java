package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;

/**
 * Two-dimensional convolution, which is a cross-correlation. X [N,C,H,W], W [O,C/groups,KH,KW],
 * bias b [O] if there is a third input → Y [N,O,OH,OW]; sizes as in {@link ConvShape}.
 *
 * <p>y[n,o,i,j] = b[o] + Σ_{c,p,q} x[n,c,i·s+p·d−t,j·s+q·d−l]·w[o,c,p,q], where c runs over the
 * channels of o's group, s is the stride, d the dilation, t and l the padding above and on the
 * left.
 *
 * <p>dX and dW are the same sum read the other way: each dy goes back to the x and w it was made
 * of. db[o] = Σ_{n,i,j} dy[n,o,i,j].
 *
 * <p>Source: LeCun and others, "Backpropagation applied to handwritten zip code recognition", 1989.
 */
public record Conv2d(ConvShape.Window window, int groups) implements Op {
  @Override
  public Shape shape(Shape... in) {
    ConvShape s = ConvShape.of(in[0], in[1], window, groups);
    ShapeException.check(
        in.length == 2 || in[2].equals(Shape.of(s.o())),
        () ->
            ShapeException.of("convolution: the bias does not match the kernel")
                .with("kernel", in[1])
                .with("bias", in[2])
                .needed("bias [O];  O = " + s.o()));
    return s.output();
  }

  @Override
  public void forward(Context c) {
    Buffer bias = c.inputs() == 3 ? c.in(2) : null;
    c.backend().conv2d(sizes(c), c.in(0), c.in(1), bias, null, Activation.IDENTITY, c.out());
  }

  @Override
  public void backward(Context c) {
    ConvShape s = sizes(c);
    if (c.wants(0)) {
      Buffer dx = c.temp(c.shape(0).count());
      c.backend().conv2dGradInput(s, c.grad(), c.in(1), dx);
      c.accumulate(0, dx);
    }
    if (c.wants(1)) {
      Buffer dw = c.temp(c.shape(1).count());
      c.backend().conv2dGradWeight(s, c.in(0), c.grad(), dw);
      c.accumulate(1, dw);
    }
    if (c.inputs() == 3 && c.wants(2)) {
      Shape perChannel = Shape.of(s.o(), 1, 1);
      c.accumulate(2, Stretch.sumTo(c, c.grad(), c.outShape(), perChannel));
    }
  }

  private ConvShape sizes(Context c) {
    return ConvShape.of(c.shape(0), c.shape(1), window, groups);
  }
}
