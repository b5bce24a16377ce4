package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;

/**
 * A convolution with a kernel of one tap that visits every cell, or its input gradient: for each
 * picture the product of the kernel, [outputs, inputs], with the picture as it is, [inputs, cells].
 * Nothing is copied: tiles read the picture's channels where they lie and write the result's.
 */
final class Pointwise implements Convolutions.Pass {
  private static final Points POINTS = Simd.POINTS;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final int LANES = POINTS.lanes();

  /** Cells of a wide tile. */
  private static final int WIDE = 2 * LANES;

  /** Cells of a chunk. */
  private static final int CHUNK = 512;

  /** Chunks there should be, so that threads have something to share. */
  private static final int CHUNKS = 8;

  /** Pictures of fewer vectors than this would waste too much of their last one. */
  private static final int SMALL = 8;

  /** Outputs per group that repay gathering the cells that they share. */
  private static final int MANY = 128;

  /** Biases of a tile where there are none. */
  static final float[] NONE = new float[16];

  private final PointKernel kernel;
  private final int groups;
  private final int units; // groups of all pictures
  private final int plane; // cells of a picture
  private final int across; // chunks of a picture

  private Pointwise(ConvShape s, boolean backward) {
    kernel = new PointKernel(s, backward);
    groups = s.groups();
    units = s.n() * groups;
    plane = s.h() * s.w();
    across = Math.max(1, plane / CHUNK);
  }

  /** Whether a convolution is one of these. */
  static boolean fits(ConvShape s) {
    return s.kh() == 1 && s.kw() == 1 && s.outH() == s.h() && s.outW() == s.w() && unpadded(s);
  }

  static boolean unpadded(ConvShape s) {
    ConvShape.Window w = s.window();
    return w.top() == 0 && w.left() == 0 && w.bottom() == 0 && w.right() == 0;
  }

  /** The best pass of a convolution that fits. */
  static Convolutions.Pass of(ConvShape s, boolean backward) {
    boolean small = s.n() > 1 && s.h() * s.w() < SMALL * LANES;
    boolean many = (backward ? s.c() : s.o()) / s.groups() >= MANY;
    return small || many || s.h() * s.w() < LANES
        ? new JoinedPointwise(s, backward)
        : new Pointwise(s, backward);
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
    int places = units * across;
    int cuts = places >= CHUNKS / 2 ? 1 : Math.min(tiles, CHUNKS / 2);
    int wide = plane / WIDE;
    workers.run(
        places * cuts,
        (chunk, worker) -> {
          int cut = chunk % cuts;
          int place = chunk / cuts;
          int part = place % across;
          int end = part + 1 == across ? plane : wide * (part + 1) / across * WIDE;
          int first = tiles * cut / cuts;
          int last = tiles * (cut + 1) / cuts;
          for (int cell = wide * part / across * WIDE; cell < end; ) {
            // the last tile of a picture overlaps the one before
            int vectors = end - cell > LANES && plane >= WIDE ? 2 : 1;
            int at = Math.min(cell, plane - vectors * LANES);
            for (int t = first; t < last; t++) {
              tile(place / across, at, vectors, t, x, packed, epilogue, y);
            }
            cell += vectors * LANES;
          }
        });
  }

  /**
   * One tile.
   *
   * @param unit group of a picture
   */
  private void tile(
      int unit,
      int cell,
      int vectors,
      int t,
      float[] x,
      float[] packed,
      Sweep.Epilogue e,
      float[] y) {
    int inputs = kernel.inputs();
    int h = kernel.height(t);
    int channel = unit % groups * kernel.outputs() + kernel.first(t);
    float[] bias = e.bias() == null ? NONE : e.bias();
    int b = e.bias() == null ? 0 : channel;
    int from = unit * inputs * plane + cell;
    int to = (unit * kernel.outputs() + kernel.first(t)) * plane + cell;
    Activation act = e.residual() == null ? e.act() : Activation.IDENTITY;
    int w = channel * inputs;
    POINTS.tile(h, vectors, packed, w, x, from, plane, inputs, bias, b, act, y, to, plane);
    if (e.residual() != null) {
      for (int i = to; i < to + h * plane; i += plane) {
        STRIPS.finish(y, i, 0, y, i, 1, vectors * LANES, 0, e.residual(), e.act());
      }
    }
  }
}
