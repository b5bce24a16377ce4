package akin.tensor.cpu;

import java.util.Arrays;

/** Moves elements about: rectangles, axes, rows. */
final class Arrange {
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int SIDE = TRANSPOSES.side();

  private final Workers workers;

  Arrange(Workers workers) {
    this.workers = workers;
  }

  /** Where a rectangle lies in an array. */
  record Place(float[] data, int start, int pitch) {}

  void copy2d(Place x, Place y, int rows, int cols) {
    if (rows == 0 || cols == 0) {
      return;
    }
    workers.range(
        rows,
        Math.max(1, Elements.GRAIN / cols),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            System.arraycopy(x.data, x.start + r * x.pitch, y.data, y.start + r * y.pitch, cols);
          }
        });
  }

  void permute(float[] x, float[] y, long[] sizes, int[] order) {
    if (y.length == 0) {
      return;
    }
    Axes axes = Axes.of(sizes, order);
    int last = axes.sizes.length - 1;
    if (last < 0) {
      y[0] = x[0];
    } else if (axes.from[last] == 1) {
      rows(x, y, axes);
    } else {
      squares(x, y, axes);
    }
  }

  /** The last axis stays the last: copies rows. */
  private void rows(float[] x, float[] y, Axes axes) {
    int last = axes.sizes.length - 1;
    int width = axes.sizes[last];
    workers.range(
        y.length / width,
        Math.max(1, Elements.GRAIN / width),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            System.arraycopy(x, axes.source(r, last, -1), y, r * width, width);
          }
        });
  }

  /** The last axis of y and the last of x span a plane, which is transposed square by square. */
  private void squares(float[] x, float[] y, Axes axes) {
    int last = axes.sizes.length - 1;
    int down = 0; // the axis of y that is the last of x
    while (axes.from[down] != 1) {
      down++;
    }
    int across = axes.sizes[last];
    int height = axes.sizes[down];
    int pitchY = 1;
    for (int axis = down + 1; axis <= last; axis++) {
      pitchY *= axes.sizes[axis];
    }
    int pitchX = axes.from[last];
    int planes = y.length / (across * height);
    int strips = (height + SIDE - 1) / SIDE;
    int stepY = pitchY;
    int skip = down;
    workers.run(
        planes * strips,
        (chunk, worker) -> {
          int plane = chunk / strips;
          int row = chunk % strips * SIDE;
          int rowEnd = Math.min(height, row + SIDE);
          int fromX = axes.source(plane, last, skip);
          int toY = axes.target(plane, last, skip);
          int col = 0;
          for (; rowEnd - row == SIDE && col <= across - SIDE; col += SIDE) {
            int from = fromX + row + col * pitchX;
            TRANSPOSES.square(x, from, pitchX, SIDE, y, toY + row * stepY + col, stepY);
          }
          for (int i = row; i < rowEnd; i++) {
            gather(x, fromX + i + col * pitchX, pitchX, y, toY + i * stepY + col, across - col);
          }
        });
  }

  private static void gather(float[] x, int xo, int step, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i * step];
    }
  }

  /**
   * The axes of y with those of size 1 left out and neighbours merged that stay neighbours.
   *
   * @param from distance in x between neighbours along each axis of y
   */
  private record Axes(int[] sizes, int[] from) {
    static Axes of(long[] sizes, int[] order) {
      int rank = sizes.length;
      int[] stride = new int[rank];
      int step = 1;
      for (int axis = rank - 1; axis >= 0; axis--) {
        stride[axis] = step;
        step *= (int) sizes[axis];
      }
      int[] size = new int[rank];
      int[] from = new int[rank];
      int n = 0;
      for (int axis : order) {
        int s = (int) sizes[axis];
        if (s == 1) {
          continue;
        }
        if (n > 0 && from[n - 1] == stride[axis] * s) {
          size[n - 1] *= s;
          from[n - 1] = stride[axis];
        } else {
          size[n] = s;
          from[n++] = stride[axis];
        }
      }
      return new Axes(Arrays.copyOf(size, n), Arrays.copyOf(from, n));
    }

    /** Where in x number {@code i} of the axes other than {@code a} and {@code b} lies. */
    int source(int i, int a, int b) {
      int at = 0;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        if (axis != a && axis != b) {
          at += i % sizes[axis] * from[axis];
          i /= sizes[axis];
        }
      }
      return at;
    }

    /** Where in y number {@code i} of the axes other than {@code a} and {@code b} lies. */
    int target(int i, int a, int b) {
      int at = 0;
      int step = 1;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        if (axis != a && axis != b) {
          at += i % sizes[axis] * step;
          i /= sizes[axis];
        }
        step *= sizes[axis];
      }
      return at;
    }
  }

  void gatherRows(float[] x, int[] rows, float[] y, int width) {
    if (width == 0) {
      return;
    }
    workers.range(
        rows.length,
        Math.max(1, Elements.GRAIN / width),
        (from, to) -> {
          for (int k = from; k < to; k++) {
            System.arraycopy(x, rows[k] * width, y, k * width, width);
          }
        });
  }

  /** Each chunk owns some rows of y and takes its summands in order of k. */
  void scatterAddRows(float[] x, int[] rows, float[] y, int yRows, int width) {
    if (width == 0) {
      return;
    }
    int grain = Math.max((yRows + 15) / 16, Math.max(1, Elements.GRAIN / width));
    workers.range(
        yRows,
        grain,
        (from, to) -> {
          Arrays.fill(y, from * width, to * width, 0);
          for (int k = 0; k < rows.length; k++) {
            if (rows[k] >= from && rows[k] < to) {
              add(x, k * width, y, rows[k] * width, width);
            }
          }
        });
  }

  private static void add(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += x[xo + i];
    }
  }
}
