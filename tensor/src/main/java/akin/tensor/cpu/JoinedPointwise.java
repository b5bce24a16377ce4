package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;

/**
 * As {@link Pointwise}, of pictures so small that a tile would waste much of itself on one: the
 * cells of all pictures are the columns of one product, and are gathered for each chunk of them.
 */
final class JoinedPointwise implements Convolutions.Pass {
  private static final Points POINTS = Simd.POINTS;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final int LANES = POINTS.lanes();
  private static final int WIDE = 2 * LANES;

  /** Floats of gathered cells: they stay in the second cache together with tiles of the kernel. */
  private static final int STAGE = 3 << 15;

  /** Most and least columns of a chunk. */
  private static final int MOST = 512;

  private static final int LEAST = 128;

  /** Chunks there should be, so that threads have something to share. */
  private static final int CHUNKS = 8;

  private final PointKernel kernel;
  private final int groups;
  private final int plane; // cells of a picture
  private final int columns; // cells of all pictures
  private final int chunk; // columns of a chunk
  private final int pitch; // floats of a gathered row: an odd number of vectors

  JoinedPointwise(ConvShape s, boolean backward) {
    kernel = new PointKernel(s, backward);
    groups = s.groups();
    plane = s.h() * s.w();
    columns = s.n() * plane;
    int most = Math.max(LEAST, Math.min(MOST, STAGE / kernel.inputs()));
    int wanted = Math.max(LEAST, (columns + CHUNKS - 1) / CHUNKS);
    int even = Sweep.even(columns, Math.min(most, wanted));
    chunk = (even + WIDE - 1) / WIDE * WIDE;
    pitch = chunk + LANES;
  }

  @Override
  public long packedLength() {
    return kernel.packedLength();
  }

  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    kernel.pack(workers, w, packed);
  }

  @Override
  public void run(
      Workers workers,
      Scratch scratch,
      float[] x,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int tiles = kernel.tiles();
    int chunks = (columns + chunk - 1) / chunk;
    int places = groups * chunks;
    int cuts = places >= CHUNKS / 2 ? 1 : Math.min(tiles, CHUNKS / 2);
    workers.run(
        places * cuts,
        (task, worker) -> {
          int cut = task % cuts;
          int group = task / cuts / chunks;
          int from = task / cuts % chunks * chunk;
          int to = Math.min(columns, from + chunk);
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, kernel.inputs() * pitch);
          float[] sums = scratch.take(worker, Scratch.Use.TILE, POINTS.tallest() * pitch);
          gather(group, from, to, x, stage);
          for (int t = tiles * cut / cuts; t < tiles * (cut + 1) / cuts; t++) {
            tile(group, t, to - from, packed, epilogue, stage, sums);
            put(group, t, from, to, epilogue, sums, y);
          }
        });
  }

  /** Columns from … to − 1 as [inputs, pitch]. */
  private void gather(int group, int from, int to, float[] x, float[] stage) {
    for (int column = from; column < to; ) {
      int cell = column % plane;
      int n = Math.min(plane - cell, to - column);
      int channel = (column / plane * groups + group) * kernel.inputs();
      for (int k = 0; k < kernel.inputs(); k++) {
        System.arraycopy(x, (channel + k) * plane + cell, stage, k * pitch + column - from, n);
      }
      column += n;
    }
  }

  /** All columns of a chunk through one tile of the kernel. */
  private void tile(
      int group, int t, int n, float[] packed, Sweep.Epilogue e, float[] stage, float[] sums) {
    int inputs = kernel.inputs();
    int h = kernel.height(t);
    int channel = group * kernel.outputs() + kernel.first(t);
    float[] bias = e.bias() == null ? Pointwise.NONE : e.bias();
    int b = e.bias() == null ? 0 : channel;
    Activation act = e.residual() == null ? e.act() : Activation.IDENTITY;
    int w = channel * inputs;
    for (int j = 0; j < n; j += WIDE) {
      int vectors = n - j > LANES ? 2 : 1;
      POINTS.tile(h, vectors, packed, w, stage, j, pitch, inputs, bias, b, act, sums, j, pitch);
    }
  }

  /** Puts the sums of a tile where they belong. */
  private void put(int group, int t, int from, int to, Sweep.Epilogue e, float[] sums, float[] y) {
    for (int column = from; column < to; ) {
      int cell = column % plane;
      int n = Math.min(plane - cell, to - column);
      int channel = (column / plane * groups + group) * kernel.outputs() + kernel.first(t);
      for (int r = 0; r < kernel.height(t); r++) {
        int sum = r * pitch + column - from;
        int at = (channel + r) * plane + cell;
        if (e.residual() == null) {
          System.arraycopy(sums, sum, y, at, n);
        } else {
          STRIPS.finish(sums, sum, 0, y, at, 1, n, 0, e.residual(), e.act());
        }
      }
      column += n;
    }
  }
}
