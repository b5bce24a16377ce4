package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A dense tensor seen as [outer, axis, inner], so that work along one axis needs three numbers. */
record AxisView(long outer, long axis, long inner) {
  /** {@code shape} seen along {@code axis}. */
  static AxisView of(Shape shape, int axis) {
    int a = shape.axis(axis);
    return new AxisView(shape.product(0, a), shape.size(a), shape.product(a + 1, shape.rank()));
  }

  /** Σ, mean … of {@code x} along the axis: [outer, axis, inner] → [outer, inner]. */
  void reduce(Context c, Reduction f, Buffer x, Buffer y) {
    c.backend().reduce(f, x, y, outer, axis, inner);
  }

  /**
   * Copies {@code count} positions along the axis, from position {@code from} of x, which this view
   * is of, to position {@code at} of y.
   */
  void copy(Context c, Buffer x, long from, AxisView ofY, Buffer y, long at, long count) {
    c.backend()
        .copy2d(
            x, from * inner, axis * inner, y, at * inner, ofY.axis * inner, outer, count * inner);
  }

  /** The shape [outer, axis, inner]. */
  Shape full() {
    return Shape.of(outer, axis, inner);
  }

  /** The shape [outer, 1, inner] of one number per line along the axis. */
  Shape reduced() {
    return Shape.of(outer, 1, inner);
  }

  /** The views to reduce one after the other; neighbouring axes are reduced at once. */
  static List<AxisView> over(Shape shape, boolean[] reduced) {
    List<AxisView> views = new ArrayList<>(2);
    long[] sizes = shape.toArray();
    for (int first = 0; first < sizes.length; first++) {
      if (!reduced[first] || sizes[first] == 1) {
        continue;
      }
      int end = first + 1;
      while (end < sizes.length && (reduced[end] || sizes[end] == 1)) {
        end++;
      }
      Shape left = Shape.of(sizes);
      views.add(
          new AxisView(
              left.product(0, first), left.product(first, end), left.product(end, sizes.length)));
      Arrays.fill(sizes, first, end, 1);
    }
    return views;
  }
}
