package akin.tensor.cpu;

import java.util.Arrays;

/**
 * Lays pictures out so that every tap of a convolution reads contiguously: per channel and phase a
 * plane of rows, in a row the pictures of a chunk side by side, each with its padding; see {@link
 * Line}.
 */
final class Stage {
  private static final Strips STRIPS = Simd.STRIPS;

  private final Line vertical;
  private final Line horizontal;
  private final int images;
  private final int planes;
  private final int[] phasesDown;
  private final int[] phasesAcross;
  private final int height; // rows of a plane
  private final int width; // cells of one picture in a row
  private final int pitch; // cells of a row
  private final int perChannel; // cells of all phases of a channel

  /**
   * @param images pictures side by side
   * @param rows targets of a band along the height
   * @param planes channels that are staged
   */
  Stage(Line vertical, Line horizontal, int images, int rows, int planes) {
    this.vertical = vertical;
    this.horizontal = horizontal;
    this.images = images;
    this.planes = planes;
    phasesDown = vertical.phases();
    phasesAcross = horizontal.phases();
    height = rows + vertical.span();
    width = horizontal.staged();
    pitch = images * width;
    perChannel = phasesDown.length * phasesAcross.length * height * pitch;
  }

  int images() {
    return images;
  }

  int planes() {
    return planes;
  }

  /** Cells of one picture in a row. */
  int width() {
    return width;
  }

  /** Cells of a row. */
  int pitch() {
    return pitch;
  }

  /** Floats of the stage, with what vectors may read and spoil behind it. */
  int length(int slack) {
    return planes * perChannel + slack;
  }

  /** Where each tap (channel, row, column) of the kernel meets the first target. */
  int[] offsets() {
    int[] offsets = new int[planes * vertical.taps().length * horizontal.taps().length];
    int at = 0;
    for (int c = 0; c < planes; c++) {
      for (int ky = 0; ky < vertical.taps().length; ky++) {
        for (int kx = 0; kx < horizontal.taps().length; kx++) {
          int py = Arrays.binarySearch(phasesDown, vertical.phase()[ky]);
          int px = Arrays.binarySearch(phasesAcross, horizontal.phase()[kx]);
          int row = (py * phasesAcross.length + px) * height + vertical.shift()[ky];
          offsets[at++] = c * perChannel + row * pitch + horizontal.shift()[kx];
        }
      }
    }
    return offsets;
  }

  /**
   * Where pictures lie.
   *
   * @param data the array
   * @param start of the first plane of the first picture
   * @param pitch distance of pictures
   * @param height of a picture
   * @param width of a picture
   */
  record Pictures(float[] data, int start, int pitch, int height, int width) {}

  /**
   * Fills the stage.
   *
   * @param count pictures there are; the cells of others stay undefined
   * @param row first target of the band
   */
  void fill(Pictures from, int count, int row, float[] to) {
    int cell = 0;
    for (int c = 0; c < planes; c++) {
      for (int py : phasesDown) {
        for (int px : phasesAcross) {
          fillPlane(from, c, py, px, count, row, to, cell);
          cell += height * pitch;
        }
      }
    }
  }

  private void fillPlane(
      Pictures from, int c, int py, int px, int count, int row, float[] to, int cell) {
    int step = horizontal.step();
    int first = Math.min(width, Math.max(0, (horizontal.origin() - px + step - 1) / step));
    int start = first * step + px - horizontal.origin();
    int inside = Math.max(0, Math.min(width - first, (from.width - start + step - 1) / step));
    for (int s = 0; s < height; s++) {
      int source = (row + s) * vertical.step() + py - vertical.origin();
      int at = cell + s * pitch;
      if (source < 0 || source >= from.height) {
        Arrays.fill(to, at, at + count * width, 0);
        continue;
      }
      int line = from.start + (c * from.height + source) * from.width + start;
      for (int n = 0; n < count; n++) {
        for (int i = 0; i < first; i++) {
          to[at + i] = 0;
        }
        if (step == 1) {
          STRIPS.copy(from.data, line, to, at + first, inside);
        } else {
          STRIPS.skip(from.data, line, step, to, at + first, inside);
        }
        for (int i = first + inside; i < width; i++) {
          to[at + i] = 0;
        }
        at += width;
        line += from.pitch;
      }
    }
  }
}
