package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;

/** Y = X seen as another shape with as many elements; no copy. dX = dY seen as X's shape. */
public record Reshape(Shape to) implements Op {
  @Override
  public Shape shape(Shape... in) {
    ShapeException.check(
        in[0].count() == to.count(),
        () ->
            ShapeException.of("reshape: the number of elements changes")
                .with("from", in[0])
                .with("to", to)
                .needed("equal products;  " + in[0].count() + " ≠ " + to.count()));
    return to;
  }

  @Override
  public void forward(Context c) {
    c.share(0);
  }

  @Override
  public void backward(Context c) {
    c.accumulate(0, c.grad());
  }
}
