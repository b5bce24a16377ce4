package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * The rows of a gallery as they are. Nothing is kept but what {@link ProductBound} says of each,
 * and that is found out when its segment is opened for the first time.
 */
final class PlainRows implements Outline {
  private static final int ROWS = Codes.ROWS;

  /** Floats of a segment: with a panel it stays in the second cache. */
  private static final int SEGMENT = 1 << 16;

  private final Vectors gallery;
  private final int d;
  private final Segments segments;
  private final boolean[] known; // segments
  private final ProductBound bound;

  PlainRows(Vectors gallery, ProductBound bound) {
    this.gallery = gallery;
    this.bound = bound;
    d = gallery.width();
    segments = Segments.of(gallery.count(), d, SEGMENT);
    known = new boolean[segments.count()];
  }

  static PlainRows of(Vectors gallery, Distance distance) {
    return new PlainRows(
        gallery, new ProductBound(distance, Outline.padded(gallery.count()), gallery.width()));
  }

  @Override
  public Segments segments() {
    return segments;
  }

  @Override
  public ProductBound bound() {
    return bound;
  }

  @Override
  public Supplier<Products> products(Ask ask) {
    if (ask.count() == 1) {
      return () -> new One(ask);
    }
    float[] packed = ask.packed(Gemm.Kind.PRODUCT);
    return () -> new Many(ask, packed);
  }

  /** The rows of a segment as one thread reads them. */
  private final class Segment {
    private final float[] rows = new float[segments.rows() * d];
    private int count;

    void read(int segment) {
      int first = segments.first(segment);
      count = segments.height(segment);
      gallery.read(first, count, rows, 0);
      for (int r = 0; r < count; r++) {
        if (!known[segment]) {
          know(first + r, r * d);
        }
        if (bound.knowsNothing(first + r)) {
          Arrays.fill(rows, r * d, (r + 1) * d, 0); // NaN must not hide what is not ruled out
        }
      }
      known[segment] = true;
    }

    private void know(int row, int from) {
      double norm = PairDistance.norm(rows, from, d);
      if (ProductBound.covers(norm)) {
        bound.know(row, norm, 1, norm, 0);
      } else {
        bound.unknown(row);
      }
    }

    /** Rows of a panel. */
    int height(int first) {
      return Math.min(ROWS, count - first);
    }
  }

  /** One query: its rows are multiplied where they lie, at the speed of memory. */
  private final class One implements Products {
    private final Segment segment = new Segment();
    private final Ask ask;
    private int first;

    One(Ask ask) {
      this.ask = ask;
    }

    @Override
    public void open(int number) {
      segment.read(number);
    }

    @Override
    public void panel(int row) {
      first = row;
    }

    @Override
    public int multiply(int i, float[] sums) {
      for (int r = 0; r < segment.height(first); r++) {
        int row = (first + r) * d;
        sums[r] = (float) Simd.SUMS.products(ask.queries(), ask.at(0), segment.rows, row, d, 0);
      }
      return 1;
    }
  }

  /** Many queries: the rows of a panel are packed, and multiplied as matrices are. */
  private final class Many implements Products {
    private final Segment segment = new Segment();
    private final PanelTiles tiles;

    Many(Ask ask, float[] packed) {
      tiles = new PanelTiles(ask, packed);
    }

    @Override
    public void open(int number) {
      segment.read(number);
    }

    @Override
    public void panel(int first) {
      new Matrix(segment.rows, 0, d, true)
          .packCols(first, segment.height(first), ROWS, 0, d, tiles.panel(), 0);
    }

    @Override
    public int multiply(int i, float[] sums) {
      return tiles.multiply(i, sums);
    }
  }
}
