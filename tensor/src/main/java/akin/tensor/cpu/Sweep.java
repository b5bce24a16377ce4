package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;

/**
 * A convolution as a product of its kernel with staged pictures, without a matrix of windows: the
 * columns of the product are all targets of some pictures side by side, and its rows of B are the
 * stage itself, shifted by each tap. Input gradients are the same with the kernel turned round, one
 * sweep for each remainder of the stride.
 */
final class Sweep implements Convolutions.Pass {
  private static final Tiles TILES = Simd.TILES;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final int COLS = TILES.cols();

  /** Floats of a stage: it stays in the second cache together with panels of the kernel. */
  private static final int STAGE = 3 << 15;

  /** Most and least columns of a chunk. */
  private static final int MOST = 4096;

  private static final int LEAST = 128;

  /** Chunks there should be, so that threads have something to share. */
  private static final int CHUNKS = 8;

  private final ConvShape shape;
  private final boolean backward;
  private final Line vertical;
  private final Line horizontal;
  private final int outputs; // channels of the result per group
  private final int inputs; // channels of the source per group
  private final Chunk size;
  private final Stage stage;
  private final int[] taps; // their offsets in the stage

  private Sweep(
      ConvShape shape, boolean backward, Line vertical, Line horizontal, int outputs, int inputs) {
    this.shape = shape;
    this.backward = backward;
    this.vertical = vertical;
    this.horizontal = horizontal;
    this.outputs = outputs;
    this.inputs = inputs;
    size = chunk();
    stage = new Stage(vertical, horizontal, size.images, size.rows, inputs);
    taps = stage.offsets();
  }

  static Sweep forward(ConvShape s) {
    ConvShape.Window w = s.window();
    return new Sweep(
        s,
        false,
        Line.forward(s.outH(), s.kh(), w.strideH(), w.dilationH(), w.top()),
        Line.forward(s.outW(), s.kw(), w.strideW(), w.dilationW(), w.left()),
        s.o() / s.groups(),
        s.channelsPerGroup());
  }

  static Sweep[] backward(ConvShape s) {
    ConvShape.Window w = s.window();
    Line[] vertical = Line.backward(s.h(), s.kh(), w.strideH(), w.dilationH(), w.top());
    Line[] horizontal = Line.backward(s.w(), s.kw(), w.strideW(), w.dilationW(), w.left());
    Sweep[] sweeps = new Sweep[vertical.length * horizontal.length];
    for (int i = 0; i < sweeps.length; i++) {
      sweeps[i] =
          new Sweep(
              s,
              true,
              vertical[i / horizontal.length],
              horizontal[i % horizontal.length],
              s.channelsPerGroup(),
              s.o() / s.groups());
    }
    return sweeps;
  }

  /** What is added to and done with the product; bias and residual may be null. */
  record Epilogue(float[] bias, float[] residual, Activation act) {
    static final Epilogue NONE = new Epilogue(null, null, Activation.IDENTITY);
  }

  /** How many pictures and rows a chunk takes. */
  private record Chunk(int images, int rows) {}

  private Chunk chunk() {
    long perRow = (long) inputs * horizontal.staged() * horizontal.phases().length;
    perRow = Math.max(1, perRow * vertical.phases().length);
    long whole = perRow * vertical.staged();
    int cells = vertical.targets() * horizontal.staged();
    if (whole <= STAGE && cells <= MOST) {
      int images = (int) Math.min(STAGE / whole, MOST / cells);
      images = Math.min(images, (shape.n() + CHUNKS - 1) / CHUNKS);
      images = Math.max(images, (LEAST + cells - 1) / cells);
      return new Chunk(even(shape.n(), images), vertical.targets());
    }
    int rows = (int) Math.min(STAGE / perRow - vertical.span(), MOST / horizontal.staged());
    rows = Math.max(rows, (LEAST + horizontal.staged() - 1) / horizontal.staged());
    return new Chunk(1, even(vertical.targets(), rows));
  }

  /** The least size of parts that cuts {@code n} into as few parts as {@code most} does. */
  static int even(int n, int most) {
    int part = Math.max(1, Math.min(most, n));
    int parts = (n + part - 1) / part;
    return Math.max(1, (n + parts - 1) / Math.max(1, parts));
  }

  /** Panels of the kernel of a group. */
  private int panels() {
    return (outputs + TILES.tallest() - 1) / TILES.tallest();
  }

  /** Floats of the packed kernel of a group. */
  private int perGroup() {
    return panels() * TILES.tallest() * taps.length;
  }

  @Override
  public long packedLength() {
    return (long) shape.groups() * perGroup();
  }

  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    int panels = panels();
    int terms = taps.length;
    workers.run(
        shape.groups() * panels,
        (panel, worker) -> {
          int output = panel % panels * TILES.tallest();
          int to = panel / panels * perGroup() + output * terms;
          pack(w, panel / panels, output, terms, packed, to);
        });
  }

  @Override
  public void run(
      Workers workers, Scratch scratch, float[] x, float[] packed, Epilogue epilogue, float[] y) {
    int panels = panels();
    int imageChunks = (shape.n() + size.images - 1) / size.images;
    int bands = (vertical.targets() + size.rows - 1) / size.rows;
    int places = shape.groups() * imageChunks * bands;
    int cuts = places >= CHUNKS / 2 ? 1 : Math.min(panels, CHUNKS / 2);
    workers.run(
        places * cuts,
        (chunk, worker) -> {
          int cut = chunk % cuts;
          int band = chunk / cuts % bands;
          int images = chunk / cuts / bands % imageChunks;
          int group = chunk / cuts / bands / imageChunks;
          Place place = new Place(group, images * size.images, band * size.rows);
          int first = panels * cut / cuts;
          int last = panels * (cut + 1) / cuts;
          place(place, scratch, worker, x, packed, first, last, epilogue, y);
        });
  }

  /** One chunk: some pictures and rows of one group. */
  private record Place(int group, int image, int row) {}

  private void place(
      Place at,
      Scratch scratch,
      int worker,
      float[] x,
      float[] packed,
      int firstPanel,
      int lastPanel,
      Epilogue epilogue,
      float[] y) {
    int count = Math.min(stage.images(), shape.n() - at.image);
    int rows = Math.min(size.rows, vertical.targets() - at.row);
    int columns = (rows - 1) * stage.pitch() + count * stage.width();
    int tallest = TILES.tallest();
    int slack = TILES.wideCols() + STRIPS.slack();
    float[] staged = scratch.take(worker, Scratch.Use.STAGE, stage.length(slack));
    int channels = backward ? shape.o() : shape.c();
    int height = backward ? shape.outH() : shape.h();
    int width = backward ? shape.outW() : shape.w();
    int plane = height * width;
    int start = (at.image * channels + at.group * inputs) * plane;
    stage.fill(
        new Stage.Pictures(x, start, channels * plane, height, width), count, at.row, staged);
    int pitch = (columns + TILES.wideCols() - 1) / TILES.wideCols() * TILES.wideCols();
    float[] sums = scratch.take(worker, Scratch.Use.TILE, tallest * pitch + STRIPS.slack());
    int k = taps.length;
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int output = panel * tallest;
      int h = TILES.height(Math.min(tallest, outputs - output));
      int a = at.group * perGroup() + output * k;
      if (h == 1) {
        for (int j = 0; j < columns; j += TILES.wideCols()) {
          TILES.wide(packed, a, staged, j, taps, k, sums, j);
        }
      } else {
        for (int j = 0; j < columns; j += COLS) {
          TILES.product(h, packed, a, staged, j, taps, k, sums, j, pitch, false);
        }
      }
      for (int i = 0; i < h && output + i < outputs; i++) {
        finish(at, output + i, count, rows, sums, i * pitch, epilogue, y);
      }
    }
  }

  /** Writes one channel of a chunk to its places in the result. */
  private void finish(
      Place at,
      int output,
      int count,
      int rows,
      float[] sums,
      int from,
      Epilogue epilogue,
      float[] y) {
    int channel = at.group * outputs + output;
    float bias = epilogue.bias == null ? 0 : epilogue.bias[channel];
    int channels = backward ? shape.c() : shape.o();
    int height = backward ? shape.h() : shape.outH();
    int width = backward ? shape.w() : shape.outW();
    for (int n = 0; n < count; n++) {
      int plane = ((at.image + n) * channels + channel) * height * width;
      int source = from + n * stage.width();
      if (vertical.targetStep() == 1 && horizontal.targetStep() == 1) {
        STRIPS.finish(
            sums,
            source,
            stage.pitch(),
            y,
            plane + at.row * width,
            rows,
            width,
            bias,
            epilogue.residual,
            epilogue.act);
      } else {
        for (int r = 0; r < rows; r++) {
          int line = (at.row + r) * vertical.targetStep() + vertical.targetStart();
          int to = plane + line * width + horizontal.targetStart();
          spread(sums, source + r * stage.pitch(), y, to, horizontal);
        }
      }
    }
  }

  /** y[to + i·step] = sums[from + i] for the targets of a line. */
  static void spread(float[] sums, int from, float[] y, int to, Line line) {
    int step = line.targetStep();
    int n = line.targets();
    for (int i = 0; i < n; i++) {
      y[to + i * step] = sums[from + i];
    }
  }

  /** Packs one panel of the kernel of one group as rows [outputs, taps]. */
  private void pack(float[] w, int group, int output, int k, float[] left, int at) {
    int kernel = shape.kh() * shape.kw();
    int rows = Math.min(TILES.tallest(), outputs - output);
    int h = TILES.height(rows);
    int start = group * outputs * inputs * kernel;
    if (!backward) {
      new Matrix(w, start, k, false).packRows(output, rows, h, 0, k, left, at);
      return;
    }
    // of w [inputs, outputs, KH, KW] the taps of one sweep; neighbours in a panel are outputs
    for (int c = 0; c < inputs; c++) {
      for (int ky : vertical.taps()) {
        for (int kx : horizontal.taps()) {
          int from = start + (c * outputs + output) * kernel + ky * shape.kw() + kx;
          for (int r = 0; r < rows; r++) {
            left[at + r] = w[from + r * kernel];
          }
          for (int r = rows; r < h; r++) {
            left[at + r] = 0;
          }
          at += h;
        }
      }
    }
  }
}
