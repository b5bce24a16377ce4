package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;
import java.util.Arrays;
import java.util.List;

/**
 * An {@link akin.tensor.plan.InvertedResidual} whose wide middle stays in the second cache. Its
 * pictures are cut into bands of rows, or taken several at once; of a band, two blocks of channels
 * at a time are widened into a stage with zeros around it and seen by the kernel of 3×3, and all of
 * them are narrowed then. Rows where two bands meet are widened for both.
 */
final class Bottleneck {
  private static final Blocks BLOCKS = Simd.BLOCKS;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final int LANES = BLOCKS.lanes();

  /** Floats of the middle that are in the second cache. */
  private static final int BUDGET = 184 << 10;

  /** Cells that are narrowed before they are turned over: in the first cache. */
  private static final int CELLS = 196;

  /** Floats of a block's kernel of 3×3 and bias. */
  private static final int NEIGHBOURS = 10 * LANES;

  private final ConvShape first; // what widens, or null
  private final ConvShape middle;
  private final Activation[] acts; // of the widened, of the middle, of the result
  private final BlockKernel widening; // null if there is none
  private final BlockKernel narrowing;
  private final int neighbours; // where the kernels of 3×3 begin
  private final int stride;
  private final int across; // cells of a staged row
  private final int images; // of a part
  private final int rows; // of a part
  private final int bands; // of an image
  private final long stageLength; // floats of two blocks
  private final long wideLength; // floats of the middle of a part
  private final int staged; // floats of a block of a stage
  private final int perBlock; // floats of a block of the middle of a part
  private final boolean padded; // whether what is widened is copied with zeros around it
  private final int pitch; // of a copied row
  private final int perChannel; // floats of a copied channel
  private final int[] terms; // where the terms of the widening begin
  private final int[] cells; // where the channels of the middle begin
  private final Panels tiles; // of a row that is widened

  /**
   * A chain.
   *
   * @param shapes of two or three convolutions
   * @param acts what follows each
   */
  Bottleneck(List<ConvShape> shapes, List<Activation> acts) {
    int at = shapes.size() - 2;
    first = at == 0 ? null : shapes.get(0);
    middle = shapes.get(at);
    this.acts = acts.toArray(Activation[]::new);
    widening =
        first == null ? null : new BlockKernel(0, first.c() * first.kh() * first.kw(), middle.c());
    neighbours = first == null ? 0 : widening.end();
    int blocks = BlockKernel.blocks(middle.c());
    narrowing =
        new BlockKernel(neighbours + blocks * NEIGHBOURS, middle.c(), shapes.get(at + 1).o());
    stride = middle.window().strideW();
    int even = (middle.outW() + 1) / 2 * 2;
    across = Math.max(middle.window().left() + middle.w(), (even - 1) * stride + 3);
    long perRow = (2L * stride * across + (long) blocks * middle.outW()) * LANES;
    rows = Sweep.even(middle.outH(), (int) (BUDGET / perRow));
    bands = (middle.outH() + rows - 1) / rows;
    images = Sweep.even(middle.n(), bands > 1 ? 1 : (int) (BUDGET / (perRow * rows)));
    stageLength = 2L * seen(rows) * across * LANES;
    staged = (int) (stageLength / 2);
    wideLength = blocks * ((long) images * rows * middle.outW() + 1) * LANES;
    perBlock = (int) (wideLength / blocks);
    padded = first != null && !Pointwise.fits(first);
    pitch = padded ? (first.outW() - 1) * first.window().strideW() + first.kw() : 0;
    perChannel = padded ? copied(rows) * pitch : middle.h() * middle.w();
    terms = new int[first == null ? 0 : widening.inputs()];
    int taps = padded ? first.kh() * first.kw() : 1;
    int kw = padded ? first.kw() : 1;
    Arrays.setAll(terms, k -> k / taps * perChannel + k % taps / kw * pitch + k % kw);
    cells = new int[middle.c()];
    Arrays.setAll(cells, k -> k / LANES * perBlock + k % LANES);
    tiles = Panels.even(middle.w(), BLOCKS.tallest());
  }

  /** Widened rows that some rows of the middle see. */
  private int seen(int rows) {
    return (rows - 1) * stride + 3;
  }

  /** Copied rows that they are made of. */
  private int copied(int rows) {
    return (seen(rows) - 1) * first.window().strideH() + first.kh();
  }

  long packedLength() {
    long first = widening == null ? 0 : widening.length();
    return first + BlockKernel.blocks(middle.c()) * (long) NEIGHBOURS + narrowing.length();
  }

  /**
   * Packs kernels as they are read.
   *
   * @param w of each convolution
   * @param biases of each, or null
   */
  void pack(List<float[]> w, List<float[]> biases, float[] packed) {
    Arrays.fill(packed, 0);
    int at = w.size() - 2;
    if (widening != null) {
      widening.pack(w.get(0), biases.get(0), packed);
    }
    float[] bias = biases.get(at);
    for (int c = 0; c < middle.c(); c++) {
      int to = neighbours + c / LANES * NEIGHBOURS + c % LANES;
      for (int k = 0; k < 9; k++) {
        packed[to + k * LANES] = w.get(at)[c * 9 + k];
      }
      packed[to + 9 * LANES] = bias == null ? 0 : bias[c];
    }
    narrowing.pack(w.get(at + 1), biases.get(at + 1), packed);
  }

  /** Some rows of one image, or some images, and what they are read from and written to. */
  private record Part(
      int image, int images, int row, int rows, float[] x, float[] packed, float[] wide) {}

  /**
   * Computes y from x.
   *
   * @param residual like y, or null
   */
  void run(
      Workers workers, Scratch scratch, float[] x, float[] packed, float[] residual, float[] y) {
    Crew.share(
        workers,
        (middle.n() + images - 1) / images * bands,
        (crew, owner, i) -> part(crew, scratch, owner, i, x, packed, residual, y));
  }

  private void part(
      Crew crew,
      Scratch scratch,
      int owner,
      int number,
      float[] x,
      float[] packed,
      float[] residual,
      float[] y) {
    int image = number / bands * images;
    int row = number % bands * rows;
    int blocks = BlockKernel.blocks(middle.c());
    float[] wide = scratch.take(owner, Scratch.Use.STAGE2, wideLength);
    int some = Math.min(images, middle.n() - image);
    int count = Math.min(rows, middle.outH() - row);
    Part part = new Part(image, some, row, count, x, packed, wide);
    float[] source = padded ? copy(crew, scratch, owner, part) : x;
    crew.run(
        (blocks + 1) / 2,
        (pair, worker) -> {
          long room = stageLength + (TRANSPOSES.side() + 2) * LANES;
          float[] stage = scratch.take(worker, Scratch.Use.STAGE, room);
          for (int i = 0; i < part.images; i++) {
            widen(part, i, pair, source, stage);
            see(part, i, pair, stage);
          }
        });
    crew.run(
        narrowing.pairs(),
        (pair, worker) -> {
          float[] sums = scratch.take(worker, Scratch.Use.TILE, room());
          for (int i = 0; i < part.images; i++) {
            narrow(part, i, pair, sums, residual, y);
          }
        });
  }

  /** What a part is widened from, with zeros around it: [image, channel, row, pitch]. */
  private float[] copy(Crew crew, Scratch scratch, int owner, Part part) {
    int channels = first.c();
    float[] to = scratch.take(owner, Scratch.Use.PICKED, (long) images * channels * perChannel);
    ConvShape.Window w = first.window();
    int top = (part.row * stride - middle.window().top()) * w.strideH() - w.top();
    int left = Math.min(w.left(), pitch);
    int inside = Math.min(first.w(), pitch - left);
    crew.run(
        part.images * channels,
        (channel, worker) -> {
          int plane = (part.image * channels + channel) * first.h() * first.w();
          for (int r = 0; r < copied(part.rows); r++) {
            int at = channel * perChannel + r * pitch;
            boolean outside = top + r < 0 || top + r >= first.h();
            Arrays.fill(to, at, at + (outside ? pitch : left), 0);
            if (!outside) {
              System.arraycopy(part.x, plane + (top + r) * first.w(), to, at + left, inside);
              Arrays.fill(to, at + left + inside, at + pitch, 0);
            }
          }
        });
    return to;
  }

  /** Stages two blocks of what the kernel of 3×3 sees: [block, row, across, lanes]. */
  private void widen(Part part, int i, int pair, float[] source, float[] stage) {
    int count = seen(part.rows);
    int top = part.row * stride - middle.window().top();
    int blocks = Math.min(2, BlockKernel.blocks(middle.c()) - 2 * pair);
    if (widening == null) {
      Cells cells = new Cells(middle.h(), middle.w(), middle.window().left(), across, false);
      for (int j = 0; j < blocks; j++) {
        int channel = (2 * pair + j) * LANES;
        int start = ((part.image + i) * middle.c() + channel) * middle.h() * middle.w();
        int channels = Math.min(LANES, middle.c() - channel);
        cells.fill(part.x, start, channels, top, count, stage, j * staged);
      }
      return;
    }
    int left = middle.window().left() * LANES;
    int inside = middle.w() * LANES;
    for (int r = 0; r < count; r++) {
      boolean outside = top + r < 0 || top + r >= middle.h();
      for (int j = 0; j < blocks; j++) {
        int at = j * staged + r * across * LANES;
        int end = at + across * LANES;
        Arrays.fill(stage, at, outside ? end : at + left, 0);
        Arrays.fill(stage, at + left + inside, end, 0);
      }
      if (!outside) {
        int image = (padded ? i : part.image + i) * first.c() * perChannel;
        int line = padded ? r * first.window().strideH() * pitch : (top + r) * middle.w();
        row(pair, source, image + line, part.packed, stage, r * across * LANES + left);
      }
    }
  }

  /** One row of an image, widened. */
  private void row(int pair, float[] source, int from, float[] packed, float[] stage, int to) {
    int blocks = widening.blocksOf(pair);
    int step = first.window().strideW();
    for (int t = 0; t < tiles.count(); t++) {
      int cell = tiles.start(t);
      BLOCKS.tile(
          tiles.length(t),
          blocks,
          step,
          source,
          from + cell * step,
          terms,
          packed,
          widening.weights(pair),
          packed,
          widening.bias(pair),
          stage,
          to + cell * LANES,
          staged);
    }
    for (int j = 0; j < blocks; j++) {
      BLOCKS.activate(stage, to + j * staged, middle.w() * LANES, acts[0]);
    }
  }

  /** Lets the kernel of 3×3 see two staged blocks. */
  private void see(Part part, int i, int pair, float[] stage) {
    int blocks = Math.min(2, BlockKernel.blocks(middle.c()) - 2 * pair);
    for (int j = 0; j < blocks; j++) {
      int block = 2 * pair + j;
      BLOCKS.neighbours(
          stride,
          stage,
          j * staged,
          across * LANES,
          part.packed,
          neighbours + block * NEIGHBOURS,
          part.wide,
          block * perBlock + i * part.rows * middle.outW() * LANES,
          middle.outW(),
          part.rows,
          acts[acts.length - 2]);
    }
  }

  private static int whole(int cells) {
    int side = TRANSPOSES.side();
    return (cells + side - 1) / side * side;
  }

  /** Floats for sums of two blocks and for one of them turned over. */
  private static int room() {
    return (2 * CELLS + TRANSPOSES.side()) * LANES
        + (LANES + TRANSPOSES.side()) * (whole(CELLS) + TRANSPOSES.side())
        + STRIPS.slack();
  }

  /** Two blocks of outputs of a part of an image. */
  private void narrow(Part part, int i, int pair, float[] sums, float[] residual, float[] y) {
    int blocks = narrowing.blocksOf(pair);
    int all = part.rows * middle.outW();
    int w = narrowing.weights(pair);
    int bias = narrowing.bias(pair);
    Panels chunks = Panels.even(all, CELLS);
    for (int c = 0; c < chunks.count(); c++) {
      int n = chunks.length(c);
      int from = (i * all + chunks.start(c)) * LANES;
      Panels some = Panels.even(n, BLOCKS.tallest());
      for (int t = 0; t < some.count(); t++) {
        int cell = some.start(t) * LANES;
        BLOCKS.tile(
            some.length(t),
            blocks,
            LANES,
            part.wide,
            from + cell,
            cells,
            part.packed,
            w,
            part.packed,
            bias,
            sums,
            cell,
            CELLS * LANES);
      }
      for (int j = 0; j < blocks; j++) {
        put(part, i, 2 * pair + j, chunks.start(c), n, sums, j * CELLS * LANES, residual, y);
      }
    }
  }

  /** Turns cells of a block of outputs over and puts them where they belong. */
  private void put(
      Part part,
      int i,
      int block,
      int cell,
      int n,
      float[] sums,
      int from,
      float[] residual,
      float[] y) {
    int pitch = whole(n);
    int turned = (2 * CELLS + TRANSPOSES.side()) * LANES;
    TRANSPOSES.turn(sums, from, LANES, n, LANES, sums, turned, pitch);
    int outputs = narrowing.outputs();
    int plane = middle.outH() * middle.outW();
    int channel = (part.image + i) * outputs + block * LANES;
    int count = Math.min(LANES, outputs - block * LANES);
    int to = channel * plane + part.row * middle.outW() + cell;
    Activation act = acts[acts.length - 1];
    if (n == plane) {
      STRIPS.finish(sums, turned, pitch, y, to, count, n, 0, residual, act);
      return;
    }
    for (int o = 0; o < count; o++) {
      STRIPS.finish(sums, turned + o * pitch, 0, y, to + o * plane, 1, n, 0, residual, act);
    }
  }
}
