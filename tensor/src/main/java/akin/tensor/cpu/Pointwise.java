package akin.tensor.cpu;

import akin.tensor.backend.ConvShape;
import java.util.Arrays;

/**
 * A convolution with a kernel of one tap that visits every cell, or its input gradient: for each
 * picture the product of the kernel, [outputs, inputs], with the picture as it is, [inputs, cells].
 * Cells of a chunk are packed into panels as the tiles read them; small pictures share a chunk.
 */
final class Pointwise implements Convolutions.Pass {
  private static final Tiles TILES = Simd.TILES;
  private static final Strips STRIPS = Simd.STRIPS;
  private static final int COLS = TILES.cols();

  /** Floats of packed cells: they stay in the second cache together with panels of the kernel. */
  private static final int STAGE = 3 << 15;

  /** Most and least cells of a chunk. */
  private static final int MOST = 512;

  private static final int LEAST = 128;

  /** Chunks there should be, so that threads have something to share. */
  private static final int CHUNKS = 8;

  private final ConvShape shape;
  private final boolean backward;
  private final int outputs; // per group, of this direction
  private final int inputs;
  private final int plane; // cells of a picture
  private final int images; // of a chunk
  private final int cells; // of each of them
  private final int[] rows; // of a panel of cells
  private final int panels; // of the kernel of a group
  private final int perGroup; // floats of them

  private Pointwise(ConvShape s, boolean backward) {
    shape = s;
    this.backward = backward;
    int o = s.o() / s.groups();
    outputs = backward ? s.channelsPerGroup() : o;
    inputs = backward ? o : s.channelsPerGroup();
    plane = s.h() * s.w();
    int most = Math.max(LEAST, Math.min(MOST, STAGE / inputs));
    if (plane <= most) {
      cells = plane;
      int least = (LEAST + plane - 1) / plane;
      int wanted = Math.max(least, (s.n() + CHUNKS - 1) / CHUNKS);
      images = Sweep.even(s.n(), Math.min(most / plane, wanted));
    } else {
      images = 1;
      int panels = Sweep.even((plane + COLS - 1) / COLS, Math.max(1, most / COLS));
      cells = panels * COLS;
    }
    panels = (outputs + TILES.tallest() - 1) / TILES.tallest();
    perGroup = panels * TILES.tallest() * inputs;
    rows = new int[inputs];
    Arrays.setAll(rows, k -> k * COLS);
  }

  /** Whether a convolution is one of these. */
  static boolean fits(ConvShape s) {
    return s.kh() == 1 && s.kw() == 1 && s.outH() == s.h() && s.outW() == s.w() && unpadded(s);
  }

  static boolean unpadded(ConvShape s) {
    ConvShape.Window w = s.window();
    return w.top() == 0 && w.left() == 0 && w.bottom() == 0 && w.right() == 0;
  }

  static Pointwise forward(ConvShape s) {
    return new Pointwise(s, false);
  }

  static Pointwise backward(ConvShape s) {
    return new Pointwise(s, true);
  }

  @Override
  public int packedLength() {
    return shape.groups() * perGroup;
  }

  @Override
  public void pack(Workers workers, float[] w, float[] packed) {
    workers.run(
        shape.groups() * panels,
        (i, worker) -> {
          int output = i % panels * TILES.tallest();
          int count = Math.min(TILES.tallest(), outputs - output);
          int to = i / panels * perGroup + output * inputs;
          int start = i / panels * outputs * inputs;
          Matrix kernel = new Matrix(w, start, backward ? outputs : inputs, backward);
          kernel.packRows(output, count, TILES.height(count), 0, inputs, packed, to);
        });
  }

  @Override
  public void run(
      Workers workers,
      Scratch scratch,
      float[] x,
      float[] packed,
      Sweep.Epilogue epilogue,
      float[] y) {
    int across = (plane + cells - 1) / cells;
    int down = (shape.n() + images - 1) / images;
    int places = shape.groups() * down * across;
    int cuts = places >= CHUNKS / 2 ? 1 : Math.min(panels, CHUNKS / 2);
    workers.run(
        places * cuts,
        (chunk, worker) -> {
          int cut = chunk % cuts;
          int place = chunk / cuts;
          int group = place / across / down;
          Place at = new Place(group, place / across % down * images, place % across * cells);
          float[] right = gather(at, scratch, worker, x);
          int first = panels * cut / cuts;
          int last = panels * (cut + 1) / cuts;
          multiply(at, scratch, worker, packed, right, first, last, epilogue, y);
        });
  }

  /** One chunk: some pictures from {@code image}, of each the cells from {@code cell}. */
  private record Place(int group, int image, int cell) {}

  private int count(Place at) {
    return Math.min(images, shape.n() - at.image);
  }

  private int length(Place at) {
    return Math.min(cells, plane - at.cell);
  }

  /** Cells as panels [inputs, COLS]. */
  private float[] gather(Place at, Scratch scratch, int worker, float[] x) {
    int n = length(at);
    int all = (count(at) * n + COLS - 1) / COLS * COLS;
    float[] right = scratch.take(worker, Scratch.Use.STAGE, all * inputs);
    for (int i = 0; i < count(at); i++) {
      int channel = ((at.image + i) * shape.groups() + at.group) * inputs;
      for (int k = 0; k < inputs; k++) {
        int from = (channel + k) * plane + at.cell;
        int column = i * n;
        for (int done = 0; done < n; ) {
          int in = column % COLS;
          int some = Math.min(n - done, COLS - in);
          int to = (column - in) * inputs + k * COLS + in;
          if (some == COLS) {
            STRIPS.copy(x, from + done, right, to, COLS);
          } else {
            System.arraycopy(x, from + done, right, to, some);
          }
          done += some;
          column += some;
        }
      }
    }
    return right;
  }

  private void multiply(
      Place at,
      Scratch scratch,
      int worker,
      float[] packed,
      float[] right,
      int firstPanel,
      int lastPanel,
      Sweep.Epilogue epilogue,
      float[] y) {
    int tallest = TILES.tallest();
    int n = length(at);
    int columns = count(at) * n;
    int pitch = (columns + COLS - 1) / COLS * COLS;
    float[] sums = scratch.take(worker, Scratch.Use.TILE, tallest * pitch);
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      int output = panel * tallest;
      int count = Math.min(tallest, outputs - output);
      int h = TILES.height(count);
      int a = at.group * perGroup + output * inputs;
      for (int j = 0; j < columns; j += COLS) {
        TILES.product(h, packed, a, right, j * inputs, rows, inputs, sums, j, pitch, false);
      }
      for (int r = 0; r < count; r++) {
        int channel = at.group * outputs + output + r;
        float bias = epilogue.bias() == null ? 0 : epilogue.bias()[channel];
        for (int i = 0; i < count(at); i++) {
          int picture = (at.image + i) * shape.groups() * outputs;
          int to = (picture + channel) * plane + at.cell;
          int from = r * pitch + i * n;
          STRIPS.finish(sums, from, 0, y, to, 1, n, bias, epilogue.residual(), epilogue.act());
        }
      }
    }
  }
}
