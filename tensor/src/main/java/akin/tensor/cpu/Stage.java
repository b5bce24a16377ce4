package akin.tensor.cpu;

import java.util.Arrays;

/**
 * Lays pictures out so that every tap of a convolution reads contiguously: per channel and phase a
 * plane of rows, in a row the pictures of a chunk side by side, each with its padding; see {@link
 * Line}.
 *
 * @param images pictures side by side
 * @param rows targets of a band along the height
 * @param planes channels that are staged
 */
record Stage(Line vertical, Line horizontal, int images, int rows, int planes) {
  private static final Strips STRIPS = Simd.STRIPS;

  /** Cells of one picture in a row. */
  int width() {
    return horizontal.staged();
  }

  /** Cells of a row. */
  int pitch() {
    return images * width();
  }

  /** Cells of a plane. */
  int plane() {
    return (rows + vertical.span()) * pitch();
  }

  private int phases() {
    return vertical.phases().length * horizontal.phases().length;
  }

  /** Floats of the stage, with what vectors may read and spoil behind it. */
  int length(int slack) {
    return planes * phases() * plane() + slack;
  }

  /** Where each tap (channel, row, column) of the kernel meets the first target. */
  int[] offsets() {
    int[] offsets = new int[planes * vertical.taps().length * horizontal.taps().length];
    int[] vPhases = vertical.phases();
    int[] hPhases = horizontal.phases();
    int at = 0;
    for (int c = 0; c < planes; c++) {
      for (int ky = 0; ky < vertical.taps().length; ky++) {
        for (int kx = 0; kx < horizontal.taps().length; kx++) {
          int py = Arrays.binarySearch(vPhases, vertical.phase()[ky]);
          int px = Arrays.binarySearch(hPhases, horizontal.phase()[kx]);
          int plane = c * phases() + py * hPhases.length + px;
          offsets[at++] = plane * plane() + vertical.shift()[ky] * pitch() + horizontal.shift()[kx];
        }
      }
    }
    return offsets;
  }

  /**
   * Fills the stage.
   *
   * @param at where the first plane of the first picture begins
   * @param imagePitch distance of pictures in x
   * @param count pictures there are; the cells of others stay undefined
   * @param row first target of the band
   */
  void fill(
      float[] x, int at, int imagePitch, int height, int width, int count, int row, float[] to) {
    int[] vPhases = vertical.phases();
    int[] hPhases = horizontal.phases();
    int cell = 0;
    for (int c = 0; c < planes; c++) {
      for (int py : vPhases) {
        for (int px : hPhases) {
          for (int s = 0; s < rows + vertical.span(); s++) {
            int source = (row + s) * vertical.step() + py - vertical.origin();
            if (source < 0 || source >= height) {
              Arrays.fill(to, cell, cell + count * width(), 0);
            } else {
              int from = at + (c * height + source) * width;
              fillRow(x, from, imagePitch, width, count, px, to, cell);
            }
            cell += pitch();
          }
        }
      }
    }
  }

  private void fillRow(
      float[] x, int from, int imagePitch, int width, int count, int phase, float[] to, int cell) {
    int step = horizontal.step();
    int staged = width();
    int first = Math.max(0, (horizontal.origin() - phase + step - 1) / step);
    int start = first * step + phase - horizontal.origin();
    int inside = Math.max(0, Math.min(staged - first, (width - start + step - 1) / step));
    for (int n = 0; n < count; n++) {
      int source = from + n * imagePitch + start;
      int row = cell + n * staged;
      for (int i = 0; i < first && i < staged; i++) {
        to[row + i] = 0;
      }
      if (step == 1) {
        STRIPS.copy(x, source, to, row + first, inside);
      } else {
        skip(x, source, step, to, row + first, inside);
      }
      for (int i = first + inside; i < staged; i++) {
        to[row + i] = 0;
      }
    }
  }

  private static void skip(float[] x, int from, int step, float[] to, int at, int n) {
    for (int i = 0; i < n; i++) {
      to[at + i] = x[from + i * step];
    }
  }
}
