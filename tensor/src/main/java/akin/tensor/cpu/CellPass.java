package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * A convolution with many channels, or a part of its input gradient, that reads {@link Cells}: a
 * target sums over taps and channels what the cells hold times a row of the kernel, for some
 * neighbouring targets and outputs at once. Nothing is copied for each tap, and no tile is wider
 * than a row of targets.
 *
 * <p>Rows of targets, of all pictures one after the other, are cut into blocks, whose cells stay in
 * the second cache; channels are cut into parts, of which the kernel's rows stay in the first.
 */
final class CellPass implements Convolutions.Pass {
  private static final Tiles TILES = Simd.TILES;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final Transposes TRANSPOSES = Simd.TRANSPOSES;
  private static final Blocks BLOCKS = Simd.BLOCKS;
  private static final int COLS = TILES.cols();
  private static final int LANES = Simd.PATCHES.lanes();

  /** Floats of the cells of a block, and targets. */
  private static final int STAGE = 1 << 17;

  private static final int TARGETS = 224;

  /** Terms of a part: rows of the kernel in the first cache. */
  private static final int TERMS = 288;

  private final ConvShape shape;
  private final boolean backward;
  private final boolean inBlocks; // whether pictures lie in blocks of channels
  private final Line vertical;
  private final Line horizontal;
  private final int inputs; // per group, of this direction
  private final int outputs;
  private final int sourceH;
  private final int sourceW;
  private final int span; // rows of cells from the first tap to the last
  private final Cells cells;
  private final int taps;
  private final int strips; // of inputs: cells have some lanes each
  private final int panels; // of outputs
  private final int rows; // of targets of a block
  private final int blocks;

  private CellPass(
      ConvShape s, boolean backward, boolean inBlocks, Line vertical, Line horizontal) {
    shape = s;
    this.backward = backward;
    this.inBlocks = inBlocks;
    this.vertical = vertical;
    this.horizontal = horizontal;
    int o = s.o() / s.groups();
    inputs = backward ? o : s.channelsPerGroup();
    outputs = backward ? s.channelsPerGroup() : o;
    sourceH = backward ? s.outH() : s.h();
    sourceW = backward ? s.outW() : s.w();
    span = largest(vertical);
    int across = (horizontal.targets() - 1) * horizontal.step() + largest(horizontal) + 1;
    cells = new Cells(sourceH, sourceW, horizontal.origin(), across, inBlocks);
    taps = vertical.taps().length * horizontal.taps().length;
    strips = (inputs + LANES - 1) / LANES;
    panels = (outputs + COLS - 1) / COLS;
    long perRow = (long) strips * across * LANES;
    int most =
        Math.min((int) (STAGE / perRow) - span, TARGETS / horizontal.targets() * vertical.step());
    rows = Sweep.even(s.n() * vertical.targets(), most / vertical.step());
    blocks = (s.n() * vertical.targets() + rows - 1) / rows;
  }

  /** Where the tap of a line meets target 0. */
  static int offset(Line line, int tap) {
    return line.shift()[tap] * line.step() + line.phase()[tap];
  }

  private static int largest(Line line) {
    int largest = 0;
    for (int k = 0; k < line.taps().length; k++) {
      largest = Math.max(largest, offset(line, k));
    }
    return largest;
  }

  /** Whether both ways fill the lanes of cells and of outputs, where {@link Sweep} is slower. */
  static boolean fits(ConvShape s) {
    return s.window().strideW() <= 2
        && s.channelsPerGroup() >= LANES
        && s.o() / s.groups() >= LANES;
  }

  static CellPass forward(ConvShape s) {
    return forward(s, false);
  }

  /** Forward, with pictures in blocks of channels. */
  static CellPass inBlocks(ConvShape s) {
    return forward(s, true);
  }

  private static CellPass forward(ConvShape s, boolean inBlocks) {
    ConvShape.Window w = s.window();
    return new CellPass(
        s,
        false,
        inBlocks,
        Line.forward(s.outH(), s.kh(), w.strideH(), w.dilationH(), w.top()),
        Line.forward(s.outW(), s.kw(), w.strideW(), w.dilationW(), w.left()));
  }

  static CellPass[] backward(ConvShape s) {
    ConvShape.Window w = s.window();
    Line[] vertical = Line.backward(s.h(), s.kh(), w.strideH(), w.dilationH(), w.top());
    Line[] horizontal = Line.backward(s.w(), s.kw(), w.strideW(), w.dilationW(), w.left());
    CellPass[] passes = new CellPass[vertical.length * horizontal.length];
    Arrays.setAll(
        passes,
        i ->
            new CellPass(
                s,
                true,
                false,
                vertical[i / horizontal.length],
                horizontal[i % horizontal.length]));
    return passes;
  }

  /** Floats of a panel of the kernel: [strip, tap, channel of the strip, COLS]. */
  private int perPanel() {
    return taps * inputs * COLS;
  }

  @Override
  public long packedLength() {
    return (long) shape.groups() * panels * perPanel();
  }

  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    int halves = (outputs + LANES - 1) / LANES;
    workers.run(
        shape.groups() * halves, (i, worker) -> pack(w, i / halves, i % halves * LANES, packed));
  }

  private void pack(float[] w, int group, int output, float[] packed) {
    int count = Math.min(LANES, outputs - output);
    int all = shape.kh() * shape.kw();
    // of w [inputs, outputs, taps] or [outputs, inputs, taps]
    int nextInput = (backward ? outputs : 1) * all;
    int nextOutput = (backward ? 1 : inputs) * all;
    int start = group * inputs * outputs * all + output * nextOutput;
    float[] turned = new float[(all + TRANSPOSES.side()) * LANES];
    int to = (group * panels + output / COLS) * perPanel() + output % COLS;
    for (int c = 0; c < inputs; c++) {
      TRANSPOSES.turn(w, start + c * nextInput, nextOutput, count, all, turned, 0, LANES);
      int strip = c / LANES * LANES;
      int channels = Math.min(LANES, inputs - strip);
      int term = strip * taps + c - strip;
      for (int ky : vertical.taps()) {
        for (int kx : horizontal.taps()) {
          int from = (ky * shape.kw() + kx) * LANES;
          System.arraycopy(turned, from, packed, to + term * COLS, LANES);
          term += channels;
        }
      }
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
    int[] terms = terms();
    Crew.share(
        workers,
        shape.groups() * blocks,
        (crew, owner, i) -> block(crew, scratch, owner, i, terms, x, packed, epilogue, y));
  }

  /** Where each term of a strip meets target 0, from the strip's first cell. */
  private int[] terms() {
    int[] terms = new int[taps * inputs];
    int at = 0;
    for (int strip = 0; strip < inputs; strip += LANES) {
      for (int ky = 0; ky < vertical.taps().length; ky++) {
        for (int kx = 0; kx < horizontal.taps().length; kx++) {
          int cell = offset(vertical, ky) * cells.across() + offset(horizontal, kx);
          for (int c = 0; c < Math.min(LANES, inputs - strip); c++) {
            terms[at++] = strip / LANES * perStrip() + cell * LANES + c;
          }
        }
      }
    }
    return terms;
  }

  /** Rows of cells for some rows of targets of one picture. */
  private int staged(int targets) {
    return (targets - 1) * vertical.step() + span + 1;
  }

  /** Floats of a strip of a block. */
  private int perStrip() {
    int pictures = (rows - 2) / vertical.targets() + 2; // a block may begin and end within one
    int most = rows * vertical.step() + Math.min(rows, pictures) * (span + 1);
    return cells.length(most);
  }

  /**
   * Some rows of targets of one group.
   *
   * @param stage the cells [strip, row, across, lanes]
   * @param starts where the first cell of each row of targets is
   */
  private record Block(int group, int row, int rows, float[] stage, int[] starts) {}

  private void block(
      Crew crew,
      Scratch scratch,
      int owner,
      int number,
      int[] terms,
      float[] x,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int row = number % blocks * rows;
    int count = Math.min(rows, shape.n() * vertical.targets() - row);
    float[] stage = scratch.take(owner, Scratch.Use.STAGE, (long) strips * perStrip());
    Block at = new Block(number / blocks, row, count, stage, new int[count]);
    int line = cells.across() * LANES;
    int place = 0;
    for (int done = 0; done < count; ) {
      int some = Math.min(count - done, vertical.targets() - (row + done) % vertical.targets());
      for (int r = 0; r < some; r++) {
        at.starts[done + r] = place + r * vertical.step() * line;
      }
      place += staged(some) * line;
      done += some;
    }
    crew.run(strips, (strip, worker) -> fill(at, strip, x));
    crew.run(panels, (p, worker) -> panel(at, p, terms, scratch, worker, packed, epilogue, y));
  }

  private void fill(Block at, int strip, float[] x) {
    int planes = Math.min(LANES, inputs - strip * LANES);
    for (int done = 0; done < at.rows; ) {
      int picture = (at.row + done) / vertical.targets();
      int first = (at.row + done) % vertical.targets();
      int some = Math.min(at.rows - done, vertical.targets() - first);
      int channel = (picture * shape.groups() + at.group) * inputs + strip * LANES;
      cells.fill(
          x,
          channel * sourceH * sourceW,
          planes,
          first * vertical.step() - vertical.origin(),
          staged(some),
          at.stage,
          strip * perStrip() + at.starts[done]);
      done += some;
    }
  }

  private void panel(
      Block at,
      int p,
      int[] terms,
      Scratch scratch,
      int worker,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int width = horizontal.targets();
    int targets = at.rows * width;
    int side = TRANSPOSES.side();
    int pitch = (targets + side - 1) / side * side;
    int turned = targets * COLS;
    int room = turned + (LANES + side) * pitch + STRIPS.slack();
    float[] sums = scratch.take(worker, Scratch.Use.TILE, room);
    Arrays.fill(sums, 0, turned, 0);
    int part = Math.max(1, TERMS / Math.max(1, taps * LANES)) * taps * LANES;
    int kernel = (at.group * panels + p) * perPanel();
    int h = Sweep.even(width, TILES.tallest());
    int step = horizontal.step() * LANES;
    for (int term = 0; term < terms.length; term += part) {
      int kc = Math.min(part, terms.length - term);
      for (int r = 0; r < at.rows; r++) {
        for (int j = 0; j < width; j += h) {
          TILES.cells(
              Math.min(h, width - j),
              step,
              at.stage,
              at.starts[r] + j * step,
              terms,
              term,
              packed,
              kernel + term * COLS,
              kc,
              sums,
              (r * width + j) * COLS,
              COLS);
        }
      }
    }
    for (int o = 0; o < COLS && p * COLS + o < outputs; o += LANES) {
      if (inBlocks) {
        put(at, p * COLS + o, sums, o, epilogue, y);
        continue;
      }
      int count = Math.min(LANES, outputs - p * COLS - o);
      TRANSPOSES.turn(sums, o, COLS, targets, count, sums, turned, pitch);
      for (int i = 0; i < count; i++) {
        int channel = at.group * outputs + p * COLS + o + i;
        finish(at, channel, sums, turned + i * pitch, epilogue, y);
      }
    }
  }

  /** Writes one channel of a block to its places in the result. */
  private void finish(
      Block at, int channel, float[] sums, int from, Sweep.Epilogue epilogue, float[] y) {
    int height = backward ? shape.h() : shape.outH();
    int width = backward ? shape.w() : shape.outW();
    int channels = shape.groups() * outputs;
    float bias = epilogue.bias() == null ? 0 : epilogue.bias()[channel];
    boolean whole = vertical.targetStep() == 1 && horizontal.targetStep() == 1;
    for (int done = 0; done < at.rows; ) {
      int picture = (at.row + done) / vertical.targets();
      int first = (at.row + done) % vertical.targets();
      int some = Math.min(at.rows - done, vertical.targets() - first);
      int plane = (picture * channels + channel) * height * width;
      int source = from + done * horizontal.targets();
      if (whole) {
        int to = plane + first * width;
        STRIPS.finish(
            sums, source, 0, y, to, 1, some * width, bias, epilogue.residual(), epilogue.act());
      } else {
        for (int r = 0; r < some; r++) {
          int line = (first + r) * vertical.targetStep() + vertical.targetStart();
          int to = plane + line * width + horizontal.targetStart();
          Sweep.spread(sums, source + r * horizontal.targets(), y, to, horizontal);
        }
      }
      done += some;
    }
  }

  /** Writes a block of outputs. */
  private void put(Block at, int output, float[] sums, int from, Sweep.Epilogue e, float[] y) {
    int width = horizontal.targets();
    for (int done = 0; done < at.rows; ) {
      int picture = (at.row + done) / vertical.targets();
      int first = (at.row + done) % vertical.targets();
      int some = Math.min(at.rows - done, vertical.targets() - first);
      int to = ((picture * outputs + output) * vertical.targets() + first * LANES) * width;
      int source = from + done * width * COLS;
      BLOCKS.finish(
          sums, source, COLS, y, to, some * width, e.bias(), output, e.residual(), e.act());
      done += some;
    }
  }
}
