package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.function.Supplier;

/**
 * A gallery as signed bytes, a quarter of its size: each row x as whole numbers c and a step s =
 * max|x|/127, c = x/s rounded. Rows lie in panels as {@link Codes} read them, panels in segments.
 * What the codes prove about distances is in {@link ProductBound}.
 */
final class Sketch implements Outline {
  private static final int ROWS = Codes.ROWS;

  /** Bytes of a segment, the work of one chunk: it stays in the second cache. */
  private static final int SEGMENT = 1 << 18;

  private final Vectors gallery;
  private final int d;
  private final Segments segments;
  private final byte[][] codes; // of each segment
  private final ProductBound bound;

  private Sketch(Vectors gallery, Distance distance) {
    this.gallery = gallery;
    d = gallery.width();
    segments = Segments.of(gallery.count(), d, SEGMENT);
    codes = new byte[segments.count()][];
    bound = new ProductBound(distance, Outline.padded(gallery.count()), d);
  }

  /** Encodes a gallery. */
  static Sketch of(Vectors gallery, Distance distance, Workers workers) {
    Sketch sketch = new Sketch(gallery, distance);
    workers.run(sketch.codes.length, (segment, worker) -> sketch.encode(segment));
    return sketch;
  }

  @Override
  public Segments segments() {
    return segments;
  }

  byte[] codes(int segment) {
    return codes[segment];
  }

  @Override
  public ProductBound bound() {
    return bound;
  }

  @Override
  public Supplier<Products> products(Ask ask) {
    return SketchProducts.of(this, ask);
  }

  private void encode(int segment) {
    int first = segments.first(segment);
    int rows = segments.height(segment);
    byte[] made = new byte[(rows + ROWS - 1) / ROWS * ROWS * d];
    float[] panel = new float[ROWS * d];
    for (int r = 0; r < rows; r += ROWS) {
      int count = Math.min(ROWS, rows - r);
      gallery.read(first + r, count, panel, 0);
      for (int i = 0; i < count; i++) {
        encode(first + r + i, panel, i * d, made, r * d + i);
      }
    }
    codes[segment] = made;
  }

  private void encode(int row, float[] x, int from, byte[] codes, int at) {
    double norm = PairDistance.norm(x, from, d);
    if (!ProductBound.covers(norm)) {
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
