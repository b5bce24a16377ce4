package akin.tensor.cpu;

import akin.tensor.backend.PoolShape;
import java.util.Arrays;

/**
 * Maxima of sliding windows: first of the rows of a window, column by column, then of neighbouring
 * columns. Both go along rows in whole vectors.
 */
final class Maxima {
  private static final Strips STRIPS = Simd.STRIPS;

  private final PoolShape shape;
  private final int left; // padded columns before the first
  private final int length; // of a padded row

  Maxima(PoolShape s) {
    shape = s;
    left = s.window().left();
    int reach = (s.outW() - 1) * s.window().strideW() + (s.kw() - 1) * s.colStep() + 1;
    // behind it what a vector reads that begins at the last target
    length = Math.max(left + s.w(), reach) + 2 * STRIPS.slack() * s.window().strideW();
  }

  /** Does planes {@code from} … {@code to} − 1. */
  void planes(float[] x, float[] y, int from, int to, Scratch scratch, int worker) {
    int n = shape.outW();
    float[] row = scratch.take(worker, Scratch.Use.STRIP, length);
    float[] best = scratch.take(worker, Scratch.Use.STRIP2, n + STRIPS.slack());
    float[] picked = scratch.take(worker, Scratch.Use.TILE, n + STRIPS.slack());
    Arrays.fill(row, 0, length, Float.NEGATIVE_INFINITY);
    for (int plane = from; plane < to; plane++) {
      for (int i = 0; i < shape.outH(); i++) {
        rows(x, plane * shape.h(), i, row);
        columns(row, best, picked);
        System.arraycopy(best, 0, y, (plane * shape.outH() + i) * n, n);
      }
    }
  }

  /** The maxima of the rows that output row i sees, behind the padding. */
  private void rows(float[] x, int first, int i, float[] row) {
    int w = shape.w();
    boolean none = true;
    int end = Math.min(shape.rowEnd(i), shape.h());
    for (int r = shape.rowStart(i); r < end; r += shape.rowStep()) {
      if (r >= 0 && none) {
        System.arraycopy(x, (first + r) * w, row, left, w);
        none = false;
      } else if (r >= 0) {
        STRIPS.max(x, (first + r) * w, row, left, w);
      }
    }
    if (none) {
      Arrays.fill(row, left, left + w, Float.NEGATIVE_INFINITY);
    }
  }

  private void columns(float[] row, float[] best, float[] picked) {
    int n = shape.outW();
    int step = shape.window().strideW();
    if (step == 1) {
      System.arraycopy(row, 0, best, 0, n);
    } else {
      STRIPS.skip(row, 0, step, best, 0, n);
    }
    for (int k = 1; k < shape.kw(); k++) {
      int from = k * shape.colStep();
      if (step == 1) {
        STRIPS.max(row, from, best, 0, n);
      } else {
        STRIPS.skip(row, from, step, picked, 0, n);
        STRIPS.max(picked, 0, best, 0, n);
      }
    }
  }
}
