package akin.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A part of two stretched operands and their common shape that one launch computes: at most {@link
 * #AXES} merged axes and a bounded number of elements, so that a kernel counts in 32 bits. Hardly
 * any call needs more than one.
 *
 * @param a where the part begins in operand a, in elements
 * @param b the same in operand b
 * @param y the same in the common shape
 * @param sizes axes, outermost first
 * @param strideA elements between neighbours of a along each axis, 0 where it repeats
 * @param strideB the same for b
 */
record Piece(long a, long b, long y, long[] sizes, long[] strideA, long[] strideB) {
  /** Axes that the kernels know. */
  static final int AXES = 4;

  long count() {
    return product(sizes);
  }

  /** Parts of at most {@code most} elements each that cover {@code whole}. */
  static List<Piece> split(Piece whole, long most) {
    List<Piece> pieces = new ArrayList<>();
    whole.splitInto(most, pieces);
    return pieces;
  }

  private void splitInto(long most, List<Piece> pieces) {
    if (sizes.length <= AXES && count() <= most) {
      pieces.add(this);
      return;
    }
    long inner = product(inner(sizes));
    boolean whole = sizes.length <= AXES && inner <= most; // else one row of the outermost axis
    long rows = whole ? most / Math.max(inner, 1) : 1;
    for (long row = 0; row < sizes[0]; row += rows) {
      Piece part =
          new Piece(
              a + row * strideA[0],
              b + row * strideB[0],
              y + row * inner,
              whole ? with(sizes, Math.min(rows, sizes[0] - row)) : inner(sizes),
              whole ? strideA : inner(strideA),
              whole ? strideB : inner(strideB));
      part.splitInto(most, pieces);
    }
  }

  private static long product(long[] sizes) {
    return Arrays.stream(sizes).reduce(1, Math::multiplyExact);
  }

  private static long[] inner(long[] axes) {
    return Arrays.copyOfRange(axes, 1, axes.length);
  }

  private static long[] with(long[] axes, long outermost) {
    long[] changed = axes.clone();
    changed[0] = outermost;
    return changed;
  }
}
