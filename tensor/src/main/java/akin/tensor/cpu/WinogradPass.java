package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;

/**
 * A convolution by {@link Winograd}, or its input gradient, which is the same with the kernel
 * turned round. Rows of tiles, of all pictures one after the other, are cut into blocks; of a block
 * all patches are mapped, multiplied for each of the 36 points as matrices [tiles, inputs] and
 * [inputs, outputs], and mapped back.
 */
final class WinogradPass implements Convolutions.Pass {
  private static final Tiles TILES = Simd.TILES;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final Patches PATCHES = Simd.PATCHES;
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final Blocks BLOCKS = Simd.BLOCKS;
  private static final int COLS = TILES.cols();
  private static final int LANES = PATCHES.lanes();
  private static final int SIDE = Winograd.SIDE;
  private static final int TILE = Winograd.TILE;
  private static final int POINTS = Winograd.POINTS;

  /**
   * Tiles of a block, about: the kernel is read once for each block. What a block maps should stay
   * in the second cache, unless the kernel is too large for it anyway.
   */
  private static final int BLOCK = 48;

  private static final int LARGE_BLOCK = 96;

  /** Weights of a tap of a large kernel. */
  private static final int LARGE = 1 << 16;

  private final ConvShape shape;
  private final boolean backward;
  private final boolean inBlocks; // whether pictures lie in blocks of channels
  private final int inputs; // per group, of this direction
  private final int outputs;
  private final int height; // of the result
  private final int width;
  private final int top; // padding
  private final Cells cells;
  private final int plane; // cells of a source plane
  private final int across; // tiles of a row
  private final int down; // rows of tiles of a picture
  private final int rows; // of a block
  private final int blocks;
  private final int panels; // of outputs
  private final int blocked; // inputs, rounded up to whole lanes

  private WinogradPass(ConvShape s, boolean backward, boolean inBlocks) {
    shape = s;
    this.backward = backward;
    this.inBlocks = inBlocks;
    int o = s.o() / s.groups();
    inputs = backward ? o : s.channelsPerGroup();
    outputs = backward ? s.channelsPerGroup() : o;
    height = backward ? s.h() : s.outH();
    width = backward ? s.w() : s.outW();
    top = backward ? 2 - s.window().top() : s.window().top();
    int left = backward ? 2 - s.window().left() : s.window().left();
    across = (width + TILE - 1) / TILE;
    down = (height + TILE - 1) / TILE;
    int sourceH = backward ? s.outH() : s.h();
    int sourceW = backward ? s.outW() : s.w();
    cells = new Cells(sourceH, sourceW, left, across * TILE + SIDE - TILE, inBlocks);
    plane = sourceH * sourceW;
    int block = (long) inputs * outputs < LARGE ? BLOCK : LARGE_BLOCK;
    rows = Sweep.even(s.n() * down, block / Math.max(1, across));
    blocks = (s.n() * down + rows - 1) / rows;
    panels = (outputs + COLS - 1) / COLS;
    blocked = (inputs + LANES - 1) / LANES * LANES;
  }

  static WinogradPass forward(ConvShape s) {
    return new WinogradPass(s, false, false);
  }

  /** Forward, with pictures in blocks of channels. */
  static WinogradPass inBlocks(ConvShape s) {
    return new WinogradPass(s, false, true);
  }

  static WinogradPass backward(ConvShape s) {
    return new WinogradPass(s, true, false);
  }

  /** Floats of a point of the kernel: an odd number of vectors, lest points share cache sets. */
  private int perPoint() {
    return panels * inputs * COLS + LANES;
  }

  @Override
  public long packedLength() {
    return (long) shape.groups() * POINTS * perPoint();
  }

  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    int strips = (outputs + LANES - 1) / LANES;
    workers.run(
        shape.groups() * strips, (i, worker) -> pack(w, i / strips, i % strips * LANES, packed));
  }

  /** Maps the kernels of some neighbouring outputs. */
  private void pack(float[] w, int group, int output, float[] packed) {
    int count = Math.min(LANES, outputs - output);
    // of w [inputs, outputs, 9] or [outputs, inputs, 9]
    int nextInput = (backward ? outputs : 1) * 9;
    int nextOutput = (backward ? 1 : inputs) * 9;
    int start = group * inputs * outputs * 9 + output * nextOutput;
    float[] taps = new float[(9 + TRANSPOSES.side()) * LANES];
    float[] half = new float[SIDE * 3 * LANES];
    int first = backward ? 8 * LANES : 0; // turned round
    int step = backward ? -LANES : LANES;
    int to = group * POINTS * perPoint() + output / COLS * inputs * COLS + output % COLS;
    for (int c = 0; c < inputs; c++) {
      TRANSPOSES.turn(w, start + c * nextInput, nextOutput, count, 9, taps, 0, LANES);
      PATCHES.kernel(taps, first, 3 * step, step, 3, half, 0, 3 * LANES, LANES);
      int at = to + c * COLS;
      PATCHES.kernel(half, 0, LANES, 3 * LANES, SIDE, packed, at, perPoint(), SIDE * perPoint());
    }
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
        shape.groups() * blocks,
        (crew, owner, i) -> block(crew, scratch, owner, i, x, packed, epilogue, y));
  }

  /**
   * Some rows of tiles of one group, and where their numbers are.
   *
   * @param height tiles of a panel
   * @param mapped patches: for each point panels of tiles, each in blocks [tiles, lanes] of inputs
   * @param perPoint floats of a point
   * @param products for each point [tiles, outputs]
   * @param pitch floats of a tile of them
   * @param perProduct floats of a point of them
   */
  private record Block(
      int group,
      int row,
      int rows,
      int tiles,
      int height,
      float[] mapped,
      int perPoint,
      float[] products,
      int pitch,
      int perProduct) {

    /** Tiles of the panel that begins with tile {@code first}. */
    int panel(int first) {
      return Math.min(height, tiles - first);
    }
  }

  private void block(
      Crew crew,
      Scratch scratch,
      int owner,
      int number,
      float[] x,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int row = number % blocks * rows;
    int count = Math.min(rows, shape.n() * down - row);
    int tiles = count * across;
    int perPoint = tiles * blocked + LANES; // an odd number of vectors, as perPoint()
    int pitch = panels * COLS;
    int perProduct = tiles * pitch + LANES;
    float[] mapped = scratch.take(owner, Scratch.Use.STAGE, POINTS * perPoint);
    float[] products = scratch.take(owner, Scratch.Use.STAGE2, POINTS * perProduct);
    Block at =
        new Block(
            number / blocks,
            row,
            count,
            tiles,
            Sweep.even(tiles, TILES.tallest()),
            mapped,
            perPoint,
            products,
            pitch,
            perProduct);
    crew.run(blocked / LANES, (i, worker) -> map(at, i * LANES, scratch, worker, x));
    crew.run(POINTS, (point, worker) -> multiply(at, point, packed));
    int strips = (outputs + LANES - 1) / LANES;
    crew.run(strips, (i, worker) -> finish(at, i * LANES, scratch, worker, epilogue, y));
  }

  /** Maps the patches of some neighbouring inputs. */
  private void map(Block at, int input, Scratch scratch, int worker, float[] x) {
    int line = cells.across() * LANES;
    int staged = cells.length(Math.min(down, rows) * TILE + SIDE - TILE);
    float[] stage = scratch.take(worker, Scratch.Use.RIGHT, staged + SIDE * line);
    int planes = Math.min(LANES, inputs - input);
    for (int done = 0; done < at.rows; ) {
      int picture = (at.row + done) / down;
      int first = (at.row + done) % down;
      int some = Math.min(at.rows - done, down - first);
      int start = ((picture * shape.groups() + at.group) * inputs + input) * plane;
      cells.fill(x, start, planes, first * TILE - top, some * TILE + SIDE - TILE, stage, 0);
      for (int r = 0; r < some; r++) {
        PATCHES.picture(
            stage, r * TILE * line, line, LANES, cells.across(), stage, staged, line, LANES);
        row(at, (done + r) * across, input, stage, staged, line);
      }
      done += some;
    }
  }

  /** Maps a row of tiles, of which columns are mapped, along its columns. */
  private void row(Block at, int tile, int input, float[] stage, int from, int line) {
    for (int t = 0; t < across; ) {
      int in = (tile + t) % at.height;
      int panel = tile + t - in;
      int run = Math.min(across - t, at.height - in);
      int to = panel * blocked + input * at.panel(panel) + in * LANES;
      for (int i = 0; i < SIDE; i++) {
        int cell = from + i * line + t * TILE * LANES;
        int image = to + i * SIDE * at.perPoint;
        PATCHES.picture(
            stage, cell, LANES, TILE * LANES, run, at.mapped, image, at.perPoint, LANES);
      }
      t += run;
    }
  }

  private void multiply(Block at, int point, float[] packed) {
    for (int p = 0; p < panels; p++) {
      int kernel = (at.group * POINTS + point) * perPoint() + p * inputs * COLS;
      for (int t = 0; t < at.tiles; t += at.height) {
        int from = point * at.perPoint + t * blocked;
        int to = point * at.perProduct + t * at.pitch + p * COLS;
        TILES.blocked(
            at.panel(t), at.mapped, from, packed, kernel, inputs, at.products, to, at.pitch);
      }
    }
  }

  /** Maps products of some neighbouring outputs back and writes them. */
  private void finish(
      Block at, int output, Scratch scratch, int worker, Sweep.Epilogue epilogue, float[] y) {
    int line = across * TILE * LANES;
    int most = Math.min(down, rows) * TILE; // rows of the result
    int result = SIDE * line;
    int turned = result + most * line;
    int room = (LANES + TRANSPOSES.side()) * most * across * TILE + STRIPS.slack();
    float[] space = scratch.take(worker, Scratch.Use.TILE, turned + room);
    for (int done = 0; done < at.rows; ) {
      int picture = (at.row + done) / down;
      int first = (at.row + done) % down;
      int some = Math.min(at.rows - done, down - first);
      for (int r = 0; r < some; r++) {
        int from = (done + r) * across * at.pitch + output;
        for (int i = 0; i < SIDE; i++) {
          int points = from + i * SIDE * at.perProduct;
          PATCHES.result(
              at.products,
              points,
              at.perProduct,
              at.pitch,
              across,
              space,
              i * line,
              LANES,
              TILE * LANES);
        }
        int to = result + r * TILE * line;
        PATCHES.result(space, 0, line, LANES, across * TILE, space, to, line, LANES);
      }
      if (inBlocks) {
        put(picture, first * TILE, some * TILE, output, space, result, epilogue, y);
        done += some;
        continue;
      }
      int pitch = some * TILE * across * TILE;
      TRANSPOSES.turn(space, result, LANES, pitch, LANES, space, turned, pitch);
      int lines = Math.min(some * TILE, height - first * TILE);
      for (int i = 0; i < Math.min(LANES, outputs - output); i++) {
        int channel = at.group * outputs + output + i;
        int plane = picture * shape.groups() * outputs + channel;
        STRIPS.finish(
            space,
            turned + i * pitch,
            across * TILE,
            y,
            (plane * height + first * TILE) * width,
            lines,
            width,
            epilogue.bias() == null ? 0 : epilogue.bias()[channel],
            epilogue.residual(),
            epilogue.act());
      }
      done += some;
    }
  }

  /** Writes some rows of a block of outputs. */
  private void put(
      int picture,
      int row,
      int rows,
      int output,
      float[] results,
      int from,
      Sweep.Epilogue e,
      float[] y) {
    int plane = (picture * outputs + output) * height * width;
    for (int r = 0; r < Math.min(rows, height - row); r++) {
      int source = from + r * across * TILE * LANES;
      int to = plane + (row + r) * width * LANES;
      BLOCKS.finish(results, source, LANES, y, to, width, e.bias(), output, e.residual(), e.act());
    }
  }
}
