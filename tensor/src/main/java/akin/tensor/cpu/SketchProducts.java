package akin.tensor.cpu;

import java.util.function.Supplier;

/** Products of queries with the codes of a {@link Sketch}. */
abstract class SketchProducts implements Outline.Products {
  private static final int ROWS = Codes.ROWS;
  private static final Codes CODES = Simd.CODES;

  /** So few queries are multiplied with the codes themselves: decoding them first costs more. */
  private static final int FEW = 16;

  private final Sketch sketch;
  final Ask ask;
  final float[] packed;
  byte[] codes; // of the segment
  int from; // where the panel begins

  private SketchProducts(Sketch sketch, Ask ask, float[] packed) {
    this.sketch = sketch;
    this.ask = ask;
    this.packed = packed;
  }

  /** The fastest way for an ask. */
  static Supplier<Outline.Products> of(Sketch sketch, Ask ask) {
    if (ask.count() > FEW) {
      float[] packed = ask.packed(Gemm.Kind.PRODUCT);
      return () -> new Many(sketch, ask, packed);
    }
    if (ask.count() > 1) {
      float[] packed = ask.packed(Codes.FOUR, true);
      return () -> new Few(sketch, ask, packed);
    }
    float[] packed = ask.packed(1, false);
    return () -> new One(sketch, ask, packed);
  }

  @Override
  public void open(int segment) {
    codes = sketch.codes(segment);
  }

  @Override
  public void panel(int first) {
    from = first * ask.d();
  }

  private static final class One extends SketchProducts {
    One(Sketch sketch, Ask ask, float[] packed) {
      super(sketch, ask, packed);
    }

    @Override
    public int multiply(int i, float[] sums) {
      CODES.products(packed, codes, from, ask.d(), sums);
      return 1;
    }
  }

  private static final class Few extends SketchProducts {
    Few(Sketch sketch, Ask ask, float[] packed) {
      super(sketch, ask, packed);
    }

    @Override
    public int multiply(int i, float[] sums) {
      CODES.fours(packed, i * ask.d(), codes, from, ask.d(), sums);
      return Math.min(Codes.FOUR, ask.count() - i);
    }
  }

  private static final class Many extends SketchProducts {
    private final PanelTiles tiles;

    Many(Sketch sketch, Ask ask, float[] packed) {
      super(sketch, ask, packed);
      tiles = new PanelTiles(ask, packed);
    }

    @Override
    public void panel(int first) {
      super.panel(first);
      CODES.decode(codes, from, ROWS * ask.d(), tiles.panel());
    }

    @Override
    public int multiply(int i, float[] sums) {
      return tiles.multiply(i, sums);
    }
  }
}
