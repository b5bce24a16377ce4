package akin.tensor.cpu;

/**
 * One operand of a broadcast, read in strips: where it repeats, its elements are copied into a
 * strip, so that every function of two arguments needs only one plain loop.
 */
final class Stretch {
  private final float[] data;
  private final long[] sizes;
  private final long[] strides;
  private final boolean plain;

  /**
   * @param sizes merged axes of the common shape, outermost first
   * @param strides of this operand; 0 where it repeats
   */
  Stretch(float[] data, long[] sizes, long[] strides) {
    this.data = data;
    this.sizes = sizes;
    this.strides = strides;
    this.plain = dense(sizes, strides);
  }

  private static boolean dense(long[] sizes, long[] strides) {
    long step = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      if (strides[axis] != step) {
        return false;
      }
      step *= sizes[axis];
    }
    return true;
  }

  /** Where elements of a strip are: {@code array[start]} onwards. */
  record Strip(float[] array, int start) {}

  /** Elements {@code from} … {@code from + n − 1} of the stretched operand. */
  Strip strip(int from, int n, float[] space) {
    if (plain) {
      return new Strip(data, from);
    }
    int last = sizes.length - 1;
    int inner = (int) sizes[last];
    int at = from % inner;
    int row = from / inner;
    for (int filled = 0; filled < n; row++) {
      int length = Math.min(n - filled, inner - at);
      int source = start(row);
      if (strides[last] == 0) {
        java.util.Arrays.fill(space, filled, filled + length, data[source]);
      } else {
        System.arraycopy(data, source + at, space, filled, length);
      }
      filled += length;
      at = 0;
    }
    return new Strip(space, 0);
  }

  /** Where row {@code row} of the stretched operand begins. */
  private int start(int row) {
    int start = 0;
    for (int axis = sizes.length - 2; axis >= 0; axis--) {
      int size = (int) sizes[axis];
      start += row % size * (int) strides[axis];
      row /= size;
    }
    return start;
  }
}
