package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.function.Supplier;

/**
 * A gallery as signed bytes, a quarter of its size: each row x as whole numbers c and a step s =
 * max|x|/127, c = x/s rounded. Rows lie in panels as {@link Codes} read them, panels in segments.
 * What the codes prove about distances is in {@link SketchBound}.
 */
final class Sketch implements Outline {
  private static final int ROWS = Codes.ROWS;

  /** Bytes of a segment, the work of one chunk: it stays in the second cache. */
  private static final int SEGMENT = 1 << 18;

  private final Vectors gallery;
  private final int n;
  private final int d;
  private final int segmentRows;
  private final byte[][] segments;
  private final SketchBound bound;

  private Sketch(Vectors gallery, Distance distance) {
    this.gallery = gallery;
    n = gallery.count();
    d = gallery.width();
    segmentRows = Math.max(1, SEGMENT / (ROWS * Math.max(1, d))) * ROWS;
    segments = new byte[(int) (((long) n + segmentRows - 1) / segmentRows)][];
    bound = new SketchBound(distance, Outline.padded(n), d);
  }

  /** Encodes a gallery. */
  static Sketch of(Vectors gallery, Distance distance, Workers workers) {
    Sketch sketch = new Sketch(gallery, distance);
    workers.run(sketch.segments.length, (segment, worker) -> sketch.encode(segment));
    return sketch;
  }

  @Override
  public int segments() {
    return segments.length;
  }

  @Override
  public int firstRow(int segment) {
    return (int) Math.min(n, (long) segment * segmentRows);
  }

  byte[] codes(int segment) {
    return segments[segment];
  }

  @Override
  public SketchBound bound() {
    return bound;
  }

  @Override
  public Supplier<Products> products(Ask ask) {
    return SketchProducts.of(this, ask);
  }

  private void encode(int segment) {
    int first = firstRow(segment);
    int rows = firstRow(segment + 1) - first;
    byte[] codes = new byte[(rows + ROWS - 1) / ROWS * ROWS * d];
    float[] panel = new float[ROWS * d];
    for (int r = 0; r < rows; r += ROWS) {
      int count = Math.min(ROWS, rows - r);
      gallery.read(first + r, count, panel, 0);
      for (int i = 0; i < count; i++) {
        encode(first + r + i, panel, i * d, codes, r * d + i);
      }
    }
    segments[segment] = codes;
  }

  private void encode(int row, float[] x, int from, byte[] codes, int at) {
    double norm = PairDistance.norm(x, from, d);
    if (!SketchBound.covers(norm)) {
      bound.unknown(row);
      return;
    }
    float largest = 0;
    for (int k = 0; k < d; k++) {
      largest = Math.max(largest, Math.abs(x[from + k]));
    }
    float step = largest / 127;
    float perStep = largest == 0 ? 0 : 127 / largest;
    double off = 0;
    long coded = 0;
    for (int k = 0; k < d; k++) {
      float scaled = x[from + k] * perStep;
      int code = (int) (scaled + (scaled < 0 ? -0.5f : 0.5f));
      codes[at + k * ROWS] = (byte) code;
      double rest = x[from + k] - (double) step * code;
      off += rest * rest;
      coded += code * code;
    }
    bound.know(row, norm, step, step * Math.sqrt(coded), Math.sqrt(off));
  }
}
