package akin.tensor.cpu;

import java.util.Arrays;

/**
 * Lays some rows of a picture out as cells of {@link Patches}: [rows, across, lanes], with zeros
 * outside the picture.
 *
 * @param height of the picture
 * @param width of the picture
 * @param left column of the picture that is cell 0, negated: cells of padding before the first
 * @param across cells of a row
 * @param inBlocks whether pictures lie in blocks of channels, whose cells have all lanes already
 */
record Cells(int height, int width, int left, int across, boolean inBlocks) {
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int LANES = Simd.PATCHES.lanes();

  /** Floats of a line of the cache. */
  private static final int CACHE_LINE = 16;

  /** Floats for so many rows, with what is spoiled behind them. */
  int length(int rows) {
    return (rows * across + TRANSPOSES.side()) * LANES;
  }

  /**
   * Fills {@code to} from {@code place} on; lanes without a plane stay undefined.
   *
   * @param x holds the first plane, or the block, from {@code start}
   * @param planes how many planes there are, at most a cell's lanes; all of a block's
   * @param row of the picture that is laid out first, may lie outside
   * @param rows how many are laid out
   */
  void fill(float[] x, int start, int planes, int row, int rows, float[] to, int place) {
    int first = Math.min(across, Math.max(0, left));
    int column = Math.max(0, -left);
    int inside = Math.max(0, Math.min(width - column, across - first));
    int top = Math.max(0, row);
    int bottom = Math.min(height, row + rows);
    if (!inBlocks && 2 * (bottom - top) >= height) {
      int last = start + (planes - 1) * height * width;
      to[place] = ahead(x, start + top * width, last + bottom * width);
    }
    for (int i = 0; i < rows; i++) {
      int at = place + i * across * LANES;
      int end = at + across * LANES;
      if (row + i < 0 || row + i >= height || inside == 0) {
        Arrays.fill(to, at, end, 0);
        continue;
      }
      int from = (row + i) * width + column;
      int cell = at + first * LANES;
      Arrays.fill(to, at, cell, 0);
      if (inBlocks) {
        System.arraycopy(x, start + from * LANES, to, cell, inside * LANES);
      } else {
        TRANSPOSES.turn(x, start + from, height * width, planes, inside, to, cell, LANES);
      }
      Arrays.fill(to, cell + inside * LANES, end, 0);
    }
  }

  /**
   * Reads x in order, so that the processor fetches it; what it reads from all planes at once, as
   * squares are, it does not foresee. The sum only keeps the compiler from leaving this out.
   */
  private static float ahead(float[] x, int from, int end) {
    float sum = 0;
    for (int i = from; i < end; i += CACHE_LINE) {
      sum += x[i];
    }
    return sum;
  }
}
