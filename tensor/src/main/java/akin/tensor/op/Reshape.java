package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import java.util.Arrays;

/** Y = X seen as another shape with as many elements; no copy. dX = dY seen as X's shape. */
public record Reshape(Shape to) implements Op {
  /** To {@code sizes}, where one size may be −1: as many as are left. */
  public static Reshape of(Shape from, long... sizes) {
    long[] all = sizes.clone();
    int open = -1;
    long rest = 1;
    for (int i = 0; i < all.length; i++) {
      if (all[i] == -1 && open < 0) {
        open = i;
      } else {
        rest *= all[i];
      }
    }
    if (open >= 0) {
      all[open] = rest == 0 ? 0 : from.count() / rest;
    }
    return new Reshape(Shape.of(all));
  }

  /** All axes from {@code axis} on made one. */
  public static Reshape flatten(Shape from, int axis) {
    int kept = from.axis(axis);
    long[] sizes = Arrays.copyOf(from.toArray(), kept + 1);
    sizes[kept] = from.product(kept, from.rank());
    return new Reshape(Shape.of(sizes));
  }

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
