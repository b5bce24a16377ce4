package akin.tensor.cpu;

import java.util.Arrays;

/**
 * Lays one plane out for a convolution that sees one plane, once for all taps: with zeros around,
 * and with a stride the cells of each remainder together. So every tap reads a run of neighbouring
 * cells, as long as the rows of a band with the margin between them; what is summed for the margin
 * counts for nothing.
 */
final class Margins {
  private static final Strips STRIPS = Simd.STRIPS;

  private final Line vertical;
  private final Line horizontal;
  private final int[] phases; // of rows
  private final int[] across; // phases of columns
  private final int height; // rows of one phase
  private final int pitch; // cells of a row, its margin included
  private final int perPhase;
  private final int cols; // of the source
  private final int[][] inside; // of each phase of columns: all bits for the source's cells
  private final boolean fast; // all phases of columns at once, in whole vectors

  /**
   * @param rows targets of a band along the height
   * @param cols of the source
   */
  Margins(Line vertical, Line horizontal, int rows, int cols) {
    this.vertical = vertical;
    this.horizontal = horizontal;
    this.cols = cols;
    phases = vertical.phases();
    across = horizontal.phases();
    height = rows + vertical.span();
    pitch = horizontal.targets() + horizontal.span();
    perPhase = height * pitch + STRIPS.slack();
    fast = across.length == horizontal.step() && across.length <= 2;
    inside = new int[across.length][pitch + STRIPS.slack()];
    for (int p = 0; p < across.length; p++) {
      for (int i = 0; i < pitch; i++) {
        int source = i * horizontal.step() + across[p] - horizontal.origin();
        inside[p][i] = source >= 0 && source < cols ? -1 : 0;
      }
    }
  }

  /** Cells from one row of targets to the next. */
  int pitch() {
    return pitch;
  }

  /** Cells of {@code rows} rows of targets, without the margin behind the last. */
  int run(int rows) {
    return (rows - 1) * pitch + horizontal.targets();
  }

  /** Floats of one plane, with what copying and reading whole vectors may touch behind them. */
  int length() {
    return phases.length * across.length * perPhase;
  }

  /** Where each tap (row, column) of the lines meets the first target. */
  int[] offsets() {
    int columns = horizontal.taps().length;
    int[] offsets = new int[vertical.taps().length * columns];
    for (int i = 0; i < offsets.length; i++) {
      int ky = i / columns;
      int kx = i % columns;
      int phase = Arrays.binarySearch(phases, vertical.phase()[ky]) * across.length;
      phase += Arrays.binarySearch(across, horizontal.phase()[kx]);
      offsets[i] = phase * perPhase + vertical.shift()[ky] * pitch + horizontal.shift()[kx];
    }
    return offsets;
  }

  /**
   * Lays a plane out.
   *
   * @param x pictures
   * @param plane where the plane begins
   * @param rows of the plane
   * @param band first target of the band
   */
  void fill(float[] x, int plane, int rows, int band, float[] to, int at) {
    int stepV = vertical.step();
    for (int p = 0; p < phases.length; p++) {
      int cell = at + p * across.length * perPhase;
      int top = band * stepV + phases[p] - vertical.origin(); // source of row 0
      int before = Math.min(height, Math.max(0, (stepV - 1 - top) / stepV));
      int end = Math.min(height, Math.max(before, (rows - top + stepV - 1) / stepV));
      int from = plane + (top + before * stepV) * cols - horizontal.origin();
      rows(x, from, stepV * cols, end - before, to, cell + before * pitch);
      for (int c = 0; c < across.length; c++) {
        Arrays.fill(to, cell, cell + before * pitch, 0);
        Arrays.fill(to, cell + end * pitch, cell + height * pitch, 0);
        cell += perPhase;
      }
    }
  }

  /**
   * Some rows of all phases of columns.
   *
   * @param from source of cell 0 of phase 0 in the first row
   * @param distance of rows in the source
   */
  private void rows(float[] x, int from, int distance, int count, float[] to, int at) {
    int first = 0;
    int end = fast ? count : 0;
    int reach = across.length * (pitch + STRIPS.slack()); // whole vectors, read behind the row too
    while (first < end && from + first * distance < 0) {
      first++;
    }
    while (end > first && from + (end - 1) * distance + reach > x.length) {
      end--;
    }
    slowly(x, from, distance, 0, first, to, at);
    int source = from + first * distance;
    int cell = at + first * pitch;
    if (first < end && across.length == 1) {
      STRIPS.widen(x, source, distance, inside[0], to, cell, pitch, end - first);
    } else if (first < end) {
      STRIPS.split(
          x, source, distance, inside[0], inside[1], to, cell, perPhase, pitch, end - first);
    }
    slowly(x, from, distance, end, count, to, at);
  }

  /** The same cell by cell: at the ends of the source, and for other strides. */
  private void slowly(float[] x, int from, int distance, int first, int end, float[] to, int at) {
    for (int c = 0; c < across.length; c++) {
      for (int r = first; r < end; r++) {
        int row = from + r * distance + across[c];
        int cell = at + c * perPhase + r * pitch;
        for (int i = 0; i < pitch; i++) {
          to[cell + i] = inside[c][i] == 0 ? 0 : x[row + i * horizontal.step()];
        }
      }
    }
  }
}
