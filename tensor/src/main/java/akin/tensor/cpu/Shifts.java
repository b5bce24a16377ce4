package akin.tensor.cpu;

import java.util.Arrays;

/**
 * Lays one plane out for a convolution that sees one plane: a copy for every column of taps,
 * shifted by it, with rows as long as those of the result. So the result of a band is one run of
 * cells, and every tap reads a run as long, whatever the width: no vector is wasted at the end of a
 * row.
 */
final class Shifts {
  private static final Strips STRIPS = Simd.STRIPS;

  private final Line vertical;
  private final Line horizontal;
  private final int[] phases; // of rows
  private final int height; // rows of one phase
  private final int width; // cells of a row
  private final int perPhase;

  /**
   * @param rows targets of a band along the height
   */
  Shifts(Line vertical, Line horizontal, int rows) {
    this.vertical = vertical;
    this.horizontal = horizontal;
    phases = vertical.phases();
    height = rows + vertical.span();
    width = horizontal.targets();
    perPhase = height * width;
  }

  /** Floats of the copies of one plane, with what copying may spoil behind them. */
  int length() {
    return horizontal.taps().length * phases.length * perPhase + STRIPS.slack();
  }

  /** Where each tap (row, column) of the lines meets the first target. */
  int[] offsets() {
    int across = horizontal.taps().length;
    int[] offsets = new int[vertical.taps().length * across];
    for (int i = 0; i < offsets.length; i++) {
      int ky = i / across;
      int phase = Arrays.binarySearch(phases, vertical.phase()[ky]);
      int plane = i % across * phases.length + phase;
      offsets[i] = plane * perPhase + vertical.shift()[ky] * width;
    }
    return offsets;
  }

  /**
   * Fills the copies.
   *
   * @param x pictures
   * @param plane where the plane begins
   * @param rows of the plane
   * @param cols of the plane
   * @param band first target of the band
   */
  void fill(float[] x, int plane, int rows, int cols, int band, float[] to, int at) {
    int cell = at;
    for (int k = 0; k < horizontal.taps().length; k++) {
      int first = horizontal.shift()[k] * horizontal.step();
      int shift = first + horizontal.phase()[k] - horizontal.origin(); // source of cell 0
      for (int phase : phases) {
        int top = band * vertical.step() + phase - vertical.origin(); // source of row 0
        if (vertical.step() == 1 && horizontal.step() == 1 && width == cols) {
          run(x, plane, rows, top, shift, to, cell);
        } else {
          for (int s = 0; s < height; s++) {
            int row = top + s * vertical.step();
            int line = row >= 0 && row < rows ? plane + row * cols : -1;
            row(x, line, cols, shift, to, cell + s * width);
          }
        }
        cell += perPhase;
      }
    }
  }

  /** Rows as long as the source's: all that are inside at once. */
  private void run(float[] x, int plane, int rows, int top, int shift, float[] to, int at) {
    int from = Math.min(height, Math.max(0, -top));
    int end = Math.max(from, Math.min(height, rows - top));
    Arrays.fill(to, at, at + from * width, 0);
    int before = Math.min(width, Math.max(0, -shift)); // cells left of the source
    int after = Math.min(width, Math.max(0, shift));
    int n = (end - from) * width - before - after;
    if (n > 0) {
      int source = plane + (top + from) * width + Math.max(0, shift);
      STRIPS.copy(x, source, to, at + from * width + before, n);
    }
    for (int s = from; s < end; s++) {
      for (int i = 0; i < before; i++) {
        to[at + s * width + i] = 0;
      }
      for (int i = width - after; i < width; i++) {
        to[at + s * width + i] = 0;
      }
    }
    Arrays.fill(to, at + end * width, at + height * width, 0);
  }

  private void row(float[] x, int line, int cols, int shift, float[] to, int at) {
    int step = horizontal.step();
    int first = Math.min(width, Math.max(0, (step - 1 - shift) / step));
    int start = first * step + shift;
    int inside = Math.max(0, Math.min(width - first, (cols - start + step - 1) / step));
    if (line < 0 || inside == 0) {
      Arrays.fill(to, at, at + width, 0);
      return;
    }
    for (int i = 0; i < first; i++) {
      to[at + i] = 0;
    }
    if (step == 1) {
      STRIPS.copy(x, line + start, to, at + first, inside);
    } else {
      STRIPS.skip(x, line + start, step, to, at + first, inside);
    }
    for (int i = first + inside; i < width; i++) {
      to[at + i] = 0;
    }
  }
}
