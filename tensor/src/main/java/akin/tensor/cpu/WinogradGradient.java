package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * The gradient of a kernel by {@link Winograd}: for each of the 36 points the product of mapped
 * pictures, [inputs, tiles], with mapped gradients of the result, [tiles, outputs], summed over the
 * tiles of all pictures and mapped back.
 *
 * <p>Tiles are cut into chunks by the shape alone, which are summed one after the other.
 */
final class WinogradGradient implements Convolutions.KernelGradient {
  private static final Tiles TILES = Simd.TILES;
  private static final Patches PATCHES = Simd.PATCHES;
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int COLS = TILES.cols();
  private static final int LANES = PATCHES.lanes();
  private static final int SIDE = Winograd.SIDE;
  private static final int TILE = Winograd.TILE;
  private static final int POINTS = Winograd.POINTS;

  /** Floats of mapped patches of a chunk. */
  private static final int CHUNK = 1 << 21;

  /** Inputs whose sums are kept together, about: they stay in the second cache. */
  private static final int SEGMENT = 4 * TILES.tallest();

  private final ConvShape shape;
  private final int inputs; // per group
  private final int outputs;
  private final int across; // tiles of a row
  private final int down; // rows of tiles of a picture
  private final int rows; // of tiles of a chunk
  private final int chunks;
  private final int inPitch; // floats of a mapped cell of pictures
  private final int outPitch; // and of gradients
  private final int inPoint; // floats of a point of mapped pictures
  private final int outPoint;
  private final int panels; // of outputs
  private final int segments; // of inputs
  private final Cells pictures;
  private final Cells gradients;

  WinogradGradient(ConvShape s) {
    shape = s;
    inputs = s.channelsPerGroup();
    outputs = s.o() / s.groups();
    across = (s.outW() + TILE - 1) / TILE;
    down = (s.outH() + TILE - 1) / TILE;
    panels = (outputs + COLS - 1) / COLS;
    segments = (inputs + SEGMENT - 1) / SEGMENT;
    // an odd number of vectors, lest cells and points share cache sets; a tile may read beyond
    inPitch = (inputs + TILES.tallest() + 2 * LANES - 1) / (2 * LANES) * 2 * LANES + LANES;
    outPitch = panels * COLS + LANES;
    int perRow = POINTS * (inPitch + outPitch) * across; // Winograd.pays lets no wider row in
    rows = Sweep.even(s.n() * down, CHUNK / Math.max(1, perRow));
    chunks = (s.n() * down + rows - 1) / rows;
    inPoint = rows * across * inPitch + LANES;
    outPoint = rows * across * outPitch + LANES;
    int left = s.window().left();
    pictures = new Cells(s.h(), s.w(), left, across * TILE + SIDE - TILE, false);
    gradients = new Cells(s.outH(), s.outW(), 0, across * TILE, false);
  }

  @Override
  public void run(Workers workers, Scratch scratch, float[] x, float[] dy, float[] dw) {
    float[] in = scratch.take(0, Scratch.Use.STAGE, POINTS * inPoint);
    float[] out = scratch.take(0, Scratch.Use.STAGE2, POINTS * outPoint);
    int perTask = POINTS * SEGMENT * COLS;
    int tasks = panels * segments;
    float[] kept = chunks == 1 ? null : scratch.take(0, Scratch.Use.PARTIAL, tasks * perTask);
    int inStrips = (inputs + LANES - 1) / LANES;
    int outStrips = (outputs + LANES - 1) / LANES;
    for (int group = 0; group < shape.groups(); group++) {
      int g = group;
      for (int chunk = 0; chunk < chunks; chunk++) {
        int row = chunk * rows;
        int count = Math.min(rows, shape.n() * down - row);
        boolean start = chunk == 0;
        boolean end = chunk == chunks - 1;
        workers.run(
            inStrips + outStrips,
            (i, worker) -> {
              if (i < inStrips) {
                mapPictures(g, row, count, i * LANES, scratch, worker, x, in);
              } else {
                mapGradients(g, row, count, (i - inStrips) * LANES, scratch, worker, dy, out);
              }
            });
        workers.run(
            tasks,
            (task, worker) -> {
              boolean alone = chunks == 1;
              float[] sums = alone ? scratch.take(worker, Scratch.Use.PARTIAL, perTask) : kept;
              int at = alone ? 0 : task * perTask;
              if (start) {
                Arrays.fill(sums, at, at + perTask, 0);
              }
              int output = task / segments * COLS;
              int input = task % segments * SEGMENT;
              multiply(in, input, out, output, count * across, sums, at);
              if (end) {
                finish(sums, at, g, input, output, scratch, worker, dw);
              }
            });
      }
    }
  }

  private void mapPictures(
      int group,
      int row,
      int count,
      int input,
      Scratch scratch,
      int worker,
      float[] x,
      float[] in) {
    int line = pictures.across() * LANES;
    int staged = pictures.length(Math.min(down, rows) * TILE + SIDE - TILE);
    float[] stage = scratch.take(worker, Scratch.Use.RIGHT, staged + SIDE * line);
    int planes = Math.min(LANES, inputs - input);
    int plane = shape.h() * shape.w();
    for (int done = 0; done < count; ) {
      int picture = (row + done) / down;
      int first = (row + done) % down;
      int some = Math.min(count - done, down - first);
      int start = (picture * shape.c() + group * inputs + input) * plane;
      int top = first * TILE - shape.window().top();
      pictures.fill(x, start, planes, top, some * TILE + SIDE - TILE, stage, 0);
      for (int r = 0; r < some; r++) {
        int from = r * TILE * line;
        PATCHES.picture(stage, from, line, LANES, pictures.across(), stage, staged, line, LANES);
        int to = (done + r) * across * inPitch + input;
        for (int i = 0; i < SIDE; i++) {
          int cell = staged + i * line;
          int image = to + i * SIDE * inPoint;
          PATCHES.picture(stage, cell, LANES, TILE * LANES, across, in, image, inPoint, inPitch);
        }
      }
      done += some;
    }
  }

  private void mapGradients(
      int group,
      int row,
      int count,
      int output,
      Scratch scratch,
      int worker,
      float[] dy,
      float[] out) {
    int line = gradients.across() * LANES;
    int staged = gradients.length(Math.min(down, rows) * TILE);
    float[] stage = scratch.take(worker, Scratch.Use.RIGHT, staged + SIDE * line);
    int planes = Math.min(LANES, outputs - output);
    int plane = shape.outH() * shape.outW();
    for (int done = 0; done < count; ) {
      int picture = (row + done) / down;
      int first = (row + done) % down;
      int some = Math.min(count - done, down - first);
      int start = (picture * shape.o() + group * outputs + output) * plane;
      gradients.fill(dy, start, planes, first * TILE, some * TILE, stage, 0);
      for (int r = 0; r < some; r++) {
        int from = r * TILE * line;
        PATCHES.resultGradient(
            stage, from, line, LANES, gradients.across(), stage, staged, line, LANES);
        int to = (done + r) * across * outPitch + output;
        for (int i = 0; i < SIDE; i++) {
          int cell = staged + i * line;
          int image = to + i * SIDE * outPoint;
          PATCHES.resultGradient(
              stage, cell, LANES, TILE * LANES, across, out, image, outPoint, outPitch);
        }
      }
      done += some;
    }
  }

  private void multiply(
      float[] in, int input, float[] out, int output, int tiles, float[] sums, int at) {
    int count = Math.min(SEGMENT, inputs - input);
    int tallest = TILES.tallest();
    for (int point = 0; point < POINTS; point++) {
      for (int c = 0; c < count; c += tallest) {
        int h = Math.min(tallest, count - c);
        int a = point * inPoint + input + c;
        int b = point * outPoint + output;
        int to = at + (point * SEGMENT + c) * COLS;
        TILES.outer(h, in, a, inPitch, out, b, outPitch, tiles, sums, to, COLS);
      }
    }
  }

  /** Maps the sums back and writes them as rows of dw [outputs, inputs, 9]. */
  private void finish(
      float[] sums,
      int at,
      int group,
      int input,
      int output,
      Scratch scratch,
      int worker,
      float[] dw) {
    int count = Math.min(SEGMENT, inputs - input);
    float[] space = scratch.take(worker, Scratch.Use.TILE, (SEGMENT * 9 + 3 * SIDE) * LANES);
    int half = SEGMENT * 9 * LANES;
    int next = SEGMENT * COLS; // point
    for (int o = 0; o < COLS && output + o < outputs; o += LANES) {
      for (int c = 0; c < count; c++) {
        int from = at + c * COLS + o;
        PATCHES.kernelGradient(
            sums, from, SIDE * next, next, SIDE, space, half, SIDE * LANES, LANES);
        PATCHES.kernelGradient(
            space, half, LANES, SIDE * LANES, 3, space, c * 9 * LANES, LANES, 3 * LANES);
      }
      int lanes = Math.min(LANES, outputs - output - o);
      int to = ((group * outputs + output + o) * inputs + input) * 9;
      TRANSPOSES.turnExactly(space, 0, LANES, count * 9, lanes, dw, to, inputs * 9);
    }
  }
}
