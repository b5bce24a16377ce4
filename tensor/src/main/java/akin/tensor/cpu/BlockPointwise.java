package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * A convolution of one tap on pictures in {@linkplain akin.tensor.plan.Blocking blocks} of
 * channels: a tile reads some neighbouring cells, channel by channel, and writes the same cells of
 * two blocks of outputs, all in streams; no picture is too narrow for it. Tiles of all pictures are
 * cut into chunks, whose inputs stay in the second cache while the kernel passes. With a stride the
 * cells that it meets are gathered first.
 */
final class BlockPointwise implements Convolutions.Pass {
  private static final Blocks BLOCKS = Simd.BLOCKS;
  private static final int LANES = BLOCKS.lanes();

  /** Floats of the inputs of a chunk. */
  private static final int STAGE = 1 << 17;

  /** Outputs that repay gathering the cells that they share. */
  private static final int MANY = 128;

  /** Floats of the sums of a tile and a block. */
  private static final int PER_SUM = BLOCKS.tallest() * LANES;

  private final ConvShape shape;
  private final BlockKernel kernel;
  private final int plane; // cells of a picture of the result
  private final boolean every; // whether it meets every cell
  private final boolean gathers;
  private final Panels tiles; // of a picture
  private final int perChunk; // tiles
  private final int chunks;
  private final int[] terms; // where the terms of a sum begin

  BlockPointwise(ConvShape s) {
    shape = s;
    kernel = new BlockKernel(0, s.c(), s.o());
    plane = s.outH() * s.outW();
    every = plane == s.h() * s.w();
    gathers = !every || s.o() >= MANY;
    tiles = Panels.even(plane, BLOCKS.tallest());
    int all = s.n() * tiles.count();
    int most = STAGE / (s.c() * BLOCKS.tallest());
    perChunk = Sweep.even(all, Math.max(1, most));
    chunks = (all + perChunk - 1) / perChunk;
    int perBlock = gathers ? perBlock() : plane * LANES;
    terms = new int[s.c()];
    Arrays.setAll(terms, k -> k / LANES * perBlock + k % LANES);
  }

  /** Floats of a block of the gathered cells of a chunk. */
  private int perBlock() {
    return perChunk * BLOCKS.tallest() * LANES;
  }

  @Override
  public long packedLength() {
    return kernel.length();
  }

  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    kernel.pack(w, null, packed);
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
        chunks,
        (crew, owner, i) -> chunk(crew, scratch, owner, i, x, packed, epilogue, y));
  }

  private void chunk(
      Crew crew,
      Scratch scratch,
      int owner,
      int number,
      float[] x,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int first = number * perChunk;
    int last = Math.min(shape.n() * tiles.count(), first + perChunk);
    float[] source = gathers ? gather(crew, scratch, owner, first, last, x) : x;
    crew.run(
        kernel.pairs(),
        (pair, worker) -> {
          float[] sums = scratch.take(worker, Scratch.Use.TILE, 2 * PER_SUM);
          for (int t = first; t < last; t++) {
            tile(pair, t, first, source, packed, sums, epilogue, y);
          }
        });
  }

  /** Where the cell of a tile's picture lies in the result; so many channels of it come before. */
  private int place(int tile, int channels) {
    int picture = tile / tiles.count();
    return (picture * channels * plane) + tiles.start(tile % tiles.count()) * LANES;
  }

  private void tile(
      int pair,
      int t,
      int first,
      float[] source,
      float[] packed,
      float[] sums,
      Sweep.Epilogue e,
      float[] y) {
    int h = tiles.length(t % tiles.count());
    int blocks = kernel.blocksOf(pair);
    int channel = 2 * pair * LANES;
    int from = gathers ? (t - first) * BLOCKS.tallest() * LANES : place(t, shape.c());
    int to = place(t, shape.o()) + channel * plane;
    float[] bias = e.bias() == null ? packed : e.bias();
    int b = e.bias() == null ? kernel.bias(pair) : channel;
    int w = kernel.weights(pair);
    BLOCKS.tile(h, blocks, LANES, source, from, terms, packed, w, bias, b, sums, 0, PER_SUM);
    for (int j = 0; j < blocks; j++) {
      int at = to + j * plane * LANES;
      BLOCKS.finish(sums, j * PER_SUM, LANES, y, at, h, null, 0, e.residual(), e.act());
    }
  }

  /** The cells that some tiles meet: [block, tile, cell, lanes]. */
  private float[] gather(Crew crew, Scratch scratch, int owner, int first, int last, float[] x) {
    int blocks = shape.c() / LANES;
    float[] stage = scratch.take(owner, Scratch.Use.STAGE, (long) blocks * perBlock());
    crew.run(
        blocks,
        (block, worker) -> {
          for (int t = first; t < last; t++) {
            int to = block * perBlock() + (t - first) * BLOCKS.tallest() * LANES;
            gather(block, t, x, stage, to);
          }
        });
    return stage;
  }

  private void gather(int block, int t, float[] x, float[] stage, int to) {
    int h = tiles.length(t % tiles.count());
    if (every) {
      int from = place(t, shape.c()) + block * plane * LANES;
      System.arraycopy(x, from, stage, to, h * LANES);
      return;
    }
    int picture = t / tiles.count();
    int start = (picture * shape.c() + block * LANES) * shape.h() * shape.w();
    int cell = tiles.start(t % tiles.count());
    for (int i = 0; i < h; i++) {
      int row = (cell + i) / shape.outW() * shape.window().strideH();
      int column = (cell + i) % shape.outW() * shape.window().strideW();
      int from = start + (row * shape.w() + column) * LANES;
      System.arraycopy(x, from, stage, to + i * LANES, LANES);
    }
  }
}
