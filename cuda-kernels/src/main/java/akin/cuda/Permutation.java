package akin.cuda;

import java.util.ArrayList;
import java.util.List;

/**
 * A reordering of axes as the kernels want it: neighbouring axes that stay neighbours are one, and
 * axes of size 1 are none.
 *
 * @param axes in the order of y, outermost first; no two neighbours could be one
 */
record Permutation(List<Axis> axes) {
  /**
   * An axis of both.
   *
   * @param x elements between neighbours in x
   * @param y elements between neighbours in y
   */
  record Axis(long size, long x, long y) {}

  /** Axis k of y is axis order[k] of x, whose sizes are {@code sizes}. */
  static Permutation of(long[] sizes, int[] order) {
    long[] stride = new long[sizes.length];
    long count = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      stride[axis] = count;
      count *= sizes[axis];
    }
    List<Axis> merged = new ArrayList<>();
    long y = count;
    for (int axis : order) {
      if (sizes[axis] == 1) {
        continue;
      }
      y /= Math.max(sizes[axis], 1);
      int last = merged.size() - 1;
      if (last >= 0 && merged.get(last).x() == sizes[axis] * stride[axis]) {
        merged.set(last, new Axis(merged.get(last).size() * sizes[axis], stride[axis], y));
      } else {
        merged.add(new Axis(sizes[axis], stride[axis], y));
      }
    }
    return new Permutation(merged);
  }

  /** The axis that is innermost in y. */
  Axis last() {
    return axes.get(axes.size() - 1);
  }

  /** The axis whose neighbours are {@code step} elements apart in x. */
  Axis inX(long step) {
    return axes.stream().filter(a -> a.x() == step).findFirst().orElseThrow();
  }

  /** The axis whose neighbours are {@code step} elements apart in y. */
  Axis inY(long step) {
    return axes.stream().filter(a -> a.y() == step).findFirst().orElseThrow();
  }

  /** All axes but these. */
  List<Axis> without(Axis... taken) {
    List<Axis> rest = new ArrayList<>(axes);
    rest.removeAll(List.of(taken));
    return rest;
  }

  /**
   * How a plane of two axes that change places is cut into tiles, in cells of {@code cell} numbers:
   * about 1024 numbers each; a thin axis lies in a tile as a whole.
   *
   * @param pitchA places between neighbours along a in shared memory
   * @param pitchB the same along b
   */
  record Tiles(int tileA, int tileB, int pitchA, int pitchB) {
    private static final int NUMBERS = 1024;
    private static final int BANKS = 32;

    static Tiles of(int sizeA, int sizeB, int cell) {
      int side = Integer.highestOneBit((int) Math.sqrt(NUMBERS / (double) cell));
      if (sizeB < side) {
        int tileA = Math.min(sizeA, NUMBERS / (sizeB * cell) / side * side);
        return sizeB * cell % 2 == 1
            ? new Tiles(tileA, sizeB, sizeB * cell, cell)
            : new Tiles(tileA, sizeB, cell, pitch(tileA, sizeB, cell));
      }
      if (sizeA < side) {
        int tileB = Math.min(sizeB, NUMBERS / (sizeA * cell) / side * side);
        return sizeA * cell % 2 == 1
            ? new Tiles(sizeA, tileB, cell, sizeA * cell)
            : new Tiles(sizeA, tileB, pitch(tileB, sizeA, cell), cell);
      }
      return new Tiles(side, side, pitch(side, side, cell), cell);
    }

    /**
     * From one line of {@code length} cells to the next, where {@code lines} lie side by side: so
     * that 32 lanes which go over all lines, and on along them, meet 32 banks where sizes are
     * powers of two. Lanes that go along a line do anyway. (Of an odd number of lines neighbours
     * lie together across the lines instead: then one way is plain and the other has an odd step.)
     */
    private static int pitch(int length, int lines, int cell) {
      int wanted = (BANKS + lines * cell - 1) / (lines * cell) * cell;
      int least = length * cell;
      return least + Math.floorMod(wanted - least, BANKS);
    }

    int sharedBytes() {
      return Float.BYTES * Math.max(tileA * pitchA, tileB * pitchB);
    }
  }
}
