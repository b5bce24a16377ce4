package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Y = X with its axes in another order: axis k of Y is axis order[k] of X. dX = dY with its axes
 * put back.
 */
public record Permute(int... order) implements Op {
  /** The order is copied. */
  public Permute {
    order = order.clone();
  }

  /** Swaps the last two of {@code rank} axes. */
  public static Permute swapLast(int rank) {
    int[] order = IntStream.range(0, rank).toArray();
    if (rank >= 2) {
      order[rank - 2] = rank - 1;
      order[rank - 1] = rank - 2;
    }
    return new Permute(order);
  }

  @Override
  public Shape shape(Shape... in) {
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    boolean all = order.length == in[0].rank();
    for (int k = 0; all && k < sorted.length; k++) {
      all = sorted[k] == k;
    }
    ShapeException.check(
        all,
        () ->
            ShapeException.of("permute: not an order of the axes")
                .with("input", in[0])
                .with("order", Arrays.toString(order))
                .needed("every axis 0 … rank − 1 once;  rank = " + in[0].rank()));
    long[] sizes = new long[order.length];
    for (int k = 0; k < order.length; k++) {
      sizes[k] = in[0].size(order[k]);
    }
    return Shape.of(sizes);
  }

  @Override
  public void forward(Context c) {
    c.backend().permute(c.in(0), c.out(), c.shape(0).toArray(), order);
  }

  @Override
  public void backward(Context c) {
    int[] back = new int[order.length];
    for (int k = 0; k < order.length; k++) {
      back[order[k]] = k;
    }
    Buffer dx = c.temp(c.shape(0).count());
    c.backend().permute(c.grad(), dx, c.outShape().toArray(), back);
    c.accumulate(0, dx);
  }

  @Override
  public String toString() {
    return "Permute" + Arrays.toString(order);
  }
}
