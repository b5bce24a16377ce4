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
 */
record Cells(int height, int width, int left, int across) {
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int LANES = Simd.PATCHES.lanes();

  /** Floats for so many rows, with what is spoiled behind them. */
  int length(int rows) {
    return (rows * across + TRANSPOSES.side()) * LANES;
  }

  /**
   * Fills {@code to} from {@code place} on; lanes without a plane stay undefined.
   *
   * @param x holds the first plane from {@code start}
   * @param planes how many planes there are, at most a cell's lanes
   * @param row of the picture that is laid out first, may lie outside
   * @param rows how many are laid out
   */
  void fill(float[] x, int start, int planes, int row, int rows, float[] to, int place) {
    int first = Math.min(across, Math.max(0, left));
    int column = Math.max(0, -left);
    int inside = Math.max(0, Math.min(width - column, across - first));
    for (int i = 0; i < rows; i++) {
      int at = place + i * across * LANES;
      int end = at + across * LANES;
      if (row + i < 0 || row + i >= height || inside == 0) {
        Arrays.fill(to, at, end, 0);
        continue;
      }
      int from = start + (row + i) * width + column;
      int cell = at + first * LANES;
      Arrays.fill(to, at, cell, 0);
      TRANSPOSES.turn(x, from, height * width, planes, inside, to, cell, LANES);
      Arrays.fill(to, cell + inside * LANES, end, 0);
    }
  }
}
