package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Reduction;

/** The adjoint of broadcasting: sums a gradient over the axes along which an operand repeated. */
final class Stretch {
  private Stretch() {}

  /** Σ of {@code g}, shaped {@code from}, over every axis where {@code to} has size 1 or none. */
  static Buffer sumTo(Context c, Buffer g, Shape from, Shape to) {
    long[] sizes = from.toArray();
    int missing = from.rank() - to.rank();
    for (int first = 0; first < sizes.length; first++) {
      if (!repeats(sizes, to, missing, first)) {
        continue;
      }
      int last = first; // neighbouring axes are summed at once
      while (last + 1 < sizes.length && repeats(sizes, to, missing, last + 1)) {
        last++;
      }
      long outer = product(sizes, 0, first);
      long axis = product(sizes, first, last + 1);
      long inner = product(sizes, last + 1, sizes.length);
      Buffer sum = c.temp(outer * inner);
      c.backend().reduce(Reduction.SUM, g, sum, outer, axis, inner);
      g = sum;
      java.util.Arrays.fill(sizes, first, last + 1, 1);
    }
    return g;
  }

  private static boolean repeats(long[] sizes, Shape to, int missing, int axis) {
    return sizes[axis] != 1 && (axis < missing || to.size(axis - missing) == 1);
  }

  private static long product(long[] sizes, int from, int to) {
    long product = 1;
    for (int i = from; i < to; i++) {
      product *= sizes[i];
    }
    return product;
  }
}
