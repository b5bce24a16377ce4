package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;

/**
 * As {@link Pointwise}, of many outputs or small pictures: the cells of all pictures are the
 * columns of one product. Chunks of them are gathered into panels, [inputs, columns of a tile], so
 * that tiles read in one stream what else lies a picture apart; and rows of sums are written as
 * long as a chunk, so that the result and what is added to it pass in streams too.
 */
final class JoinedPointwise implements Convolutions.Pass {
  private static final Points POINTS = Simd.POINTS;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final int LANES = POINTS.lanes();
  private static final int WIDE = 2 * LANES;

  /** Floats of gathered cells: they stay in the second cache together with tiles of the kernel. */
  private static final int STAGE = 1 << 17;

  /** Most and least columns of a chunk. */
  private static final int MOST = 2048;

  private static final int LEAST = 256;

  private final PointKernel kernel;
  private final int groups;
  private final int plane; // cells of a picture
  private final int columns; // cells of all pictures
  private final int chunk; // columns of a chunk
  private final int chunks;
  private final int pitch; // floats of a row of sums: an odd number of vectors

  JoinedPointwise(ConvShape s, boolean backward) {
    kernel = new PointKernel(s, backward);
    groups = s.groups();
    plane = s.h() * s.w();
    columns = s.n() * plane;
    int most = Math.max(LEAST, Math.min(MOST, STAGE / Math.max(1, kernel.inputs())));
    chunk = (Sweep.even(columns, most) + WIDE - 1) / WIDE * WIDE;
    chunks = (columns + chunk - 1) / chunk;
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
    Crew.share(
        workers,
        groups * chunks,
        (crew, owner, i) -> block(crew, scratch, owner, i, x, packed, epilogue, y));
  }

  /** One chunk of one group. */
  private void block(
      Crew crew,
      Scratch scratch,
      int owner,
      int number,
      float[] x,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int group = number / chunks;
    int from = number % chunks * chunk;
    int to = Math.min(columns, from + chunk);
    float[] stage = scratch.take(owner, Scratch.Use.STAGE, (long) kernel.inputs() * chunk);
    crew.run(
        (to - from + WIDE - 1) / WIDE,
        (panel, worker) -> gather(group, from + panel * WIDE, to, x, stage, panel));
    crew.run(
        kernel.tiles(),
        (t, worker) -> {
          float[] sums = scratch.take(worker, Scratch.Use.TILE, POINTS.tallest() * pitch);
          tile(group, t, to - from, packed, epilogue, stage, sums);
          put(group, t, from, to, epilogue, sums, y);
        });
  }

  /** A panel of columns from {@code first} on; columns from {@code to} on stay undefined. */
  private void gather(int group, int first, int to, float[] x, float[] stage, int panel) {
    int inputs = kernel.inputs();
    int at = panel * inputs * WIDE;
    int end = Math.min(to, first + WIDE);
    for (int column = first; column < end; ) {
      int cell = column % plane;
      int n = Math.min(plane - cell, end - column);
      int from = (column / plane * groups + group) * inputs * plane + cell;
      if (n == WIDE) {
        STRIPS.compact(x, from, plane, stage, at, WIDE, inputs);
      } else {
        for (int k = 0; k < inputs; k++) {
          System.arraycopy(x, from + k * plane, stage, at + k * WIDE + column - first, n);
        }
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
      int from = j * inputs;
      POINTS.tile(h, vectors, packed, w, stage, from, WIDE, inputs, bias, b, act, sums, j, pitch);
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
