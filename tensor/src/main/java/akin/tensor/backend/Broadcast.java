package akin.tensor.backend;

import akin.tensor.Shape;
import akin.tensor.ShapeException;

/**
 * How two operands are stretched over a common shape, as NumPy does: shapes are aligned at their
 * last axes, and an axis of size 1 (or a missing one) repeats. Neighbouring axes that stretch alike
 * are merged, so most cases have one or two.
 *
 * @param out the common shape
 * @param sizes merged axes, outermost first; their product is the number of elements
 * @param strideA elements between neighbours of operand a along each merged axis; 0 where it
 *     repeats
 * @param strideB the same for operand b
 */
public record Broadcast(Shape out, long[] sizes, long[] strideA, long[] strideB) {
  /** The common shape of {@code a} and {@code b}, and how each is stretched over it. */
  public static Broadcast of(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    long[] out = new long[rank];
    long[] sizes = new long[rank];
    long[] strideA = new long[rank];
    long[] strideB = new long[rank];
    int merged = rank; // merged axes are written from the end
    long stepA = 1;
    long stepB = 1;
    for (int i = 1; i <= rank; i++) {
      long sizeA = i <= a.rank() ? a.size(-i) : 1;
      long sizeB = i <= b.rank() ? b.size(-i) : 1;
      ShapeException.check(
          sizeA == sizeB || sizeA == 1 || sizeB == 1,
          () ->
              ShapeException.of("broadcast: the shapes do not fit")
                  .with("a", a)
                  .with("b", b)
                  .needed("equal sizes from the last axis on, or 1; " + sizeA + " ≠ " + sizeB));
      long size = sizeA == 1 ? sizeB : sizeA;
      out[rank - i] = size;
      if (size != 1) {
        long sa = sizeA == 1 ? 0 : stepA;
        long sb = sizeB == 1 ? 0 : stepB;
        boolean merge =
            merged < rank
                && sa == strideA[merged] * sizes[merged]
                && sb == strideB[merged] * sizes[merged]
                && (sa == 0) == (strideA[merged] == 0)
                && (sb == 0) == (strideB[merged] == 0);
        if (merge) {
          sizes[merged] *= size;
        } else {
          merged--;
          sizes[merged] = size;
          strideA[merged] = sa;
          strideB[merged] = sb;
        }
      }
      stepA *= sizeA;
      stepB *= sizeB;
    }
    return new Broadcast(
        Shape.of(out), tail(sizes, merged), tail(strideA, merged), tail(strideB, merged));
  }

  /** {@code a} stretched over {@code out}, met everywhere by one number b. */
  public static Broadcast stretch(Shape a, Shape out) {
    Broadcast s = of(a, out);
    ShapeException.check(
        s.out.equals(out),
        () ->
            ShapeException.of("expand: the shape cannot be stretched so far")
                .with("from", a)
                .with("to", out)
                .needed("equal sizes from the last axis on, or 1 in the first"));
    return new Broadcast(out, s.sizes, s.strideA, new long[s.sizes.length]);
  }

  private static long[] tail(long[] values, int from) {
    return java.util.Arrays.copyOfRange(values, from, values.length);
  }

  /** Number of elements of the common shape. */
  public long count() {
    return out.count();
  }

  /** Whether neither operand repeats: element i meets element i. */
  public boolean plain() {
    return sizes.length == 0 || sizes.length == 1 && strideA[0] == 1 && strideB[0] == 1;
  }
}
