package akin.tensor.backend;

import akin.tensor.Shape;
import akin.tensor.ShapeException;

/**
 * The sizes of a pooling over planes [H,W]: which rows and columns each output looks at, and what
 * it divides by. Windows may overlap, hang over the padding (ceil mode) and, when adaptive, differ
 * in size.
 *
 * @param planes N·C
 * @param adaptive windows from the output size: rows ⌊i·H/OH⌋ … ⌈(i+1)·H/OH⌉ − 1; then {@code
 *     window}, {@code kh}, {@code kw} play no part
 * @param countPadding whether the divisor of an average counts padded cells (of the padded input,
 *     so cells that ceil mode adds beyond the padding never count)
 * @param divisor overrides the divisor of an average; 0 for none
 */
public record PoolShape(
    Kind kind,
    int planes,
    int h,
    int w,
    int kh,
    int kw,
    ConvShape.Window window,
    int outH,
    int outW,
    boolean adaptive,
    boolean countPadding,
    int divisor) {

  /** What is taken of a window. */
  public enum Kind {
    /** The largest; on a tie the first in scan order takes the whole gradient. */
    MAX,
    /** The mean. */
    AVERAGE
  }

  /**
   * A pooling with a sliding window; padding of the maximum is −∞.
   *
   * @param ceil round the number of outputs up, as long as the last window starts inside the input
   *     or its left padding
   */
  public static PoolShape sliding(
      Kind kind,
      Shape input,
      int kh,
      int kw,
      ConvShape.Window window,
      boolean ceil,
      boolean countPadding,
      int divisor) {
    check(input);
    ShapeException.check(
        window.top() * 2 <= kh
            && window.bottom() * 2 <= kh
            && window.left() * 2 <= kw
            && window.right() * 2 <= kw,
        () ->
            ShapeException.of("pool: padding is more than half of the window")
                .with("window", kh + "×" + kw)
                .with("padding", window)
                .needed("padding ≤ kernel / 2, so that every window meets the input"));
    ShapeException.check(
        kind == Kind.MAX || window.dilationH() == 1 && window.dilationW() == 1,
        () ->
            ShapeException.of("pool: an average has no dilation")
                .with("window", kh + "×" + kw + ", " + window)
                .needed("dilation = 1, or the maximum"));
    int outH =
        outputs(
            input.dim(2),
            window.top(),
            window.bottom(),
            kh,
            window.dilationH(),
            window.strideH(),
            ceil);
    int outW =
        outputs(
            input.dim(3),
            window.left(),
            window.right(),
            kw,
            window.dilationW(),
            window.strideW(),
            ceil);
    ShapeException.check(
        outH >= 1 && outW >= 1,
        () ->
            ShapeException.of("pool: the window does not fit into the padded input")
                .with("input", input)
                .with("window", kh + "×" + kw + ", " + window)
                .needed("output at least 1 × 1;  " + outH + " × " + outW));
    int planes = Math.toIntExact(input.product(0, 2));
    return new PoolShape(
        kind,
        planes,
        input.dim(2),
        input.dim(3),
        kh,
        kw,
        window,
        outH,
        outW,
        false,
        countPadding,
        divisor);
  }

  /** A pooling to a fixed output size. */
  public static PoolShape adaptive(Kind kind, Shape input, int outH, int outW) {
    check(input);
    int planes = Math.toIntExact(input.product(0, 2));
    return new PoolShape(
        kind,
        planes,
        input.dim(2),
        input.dim(3),
        0,
        0,
        ConvShape.Window.plain(),
        outH,
        outW,
        true,
        false,
        0);
  }

  private static void check(Shape input) {
    ShapeException.check(
        input.rank() == 4,
        () -> ShapeException.of("pool: four axes").with("input", input).needed("[N,C,H,W]"));
  }

  private static int outputs(
      int size, int before, int after, int kernel, int dilation, int stride, boolean ceil) {
    int room = size + before + after - dilation * (kernel - 1) - 1;
    int count = Math.floorDiv(room + (ceil ? stride - 1 : 0), stride) + 1;
    return ceil && (count - 1) * stride >= size + before ? count - 1 : count;
  }

  /** First row that output row {@code i} reaches; negative in the padding. */
  public int rowStart(int i) {
    return adaptive ? (int) ((long) i * h / outH) : i * window.strideH() - window.top();
  }

  /** One past the last row that output row {@code i} reaches; may lie beyond the input. */
  public int rowEnd(int i) {
    return adaptive
        ? (int) (((long) (i + 1) * h + outH - 1) / outH)
        : rowStart(i) + (kh - 1) * window.dilationH() + 1;
  }

  /** First column that output column {@code j} reaches; negative in the padding. */
  public int colStart(int j) {
    return adaptive ? (int) ((long) j * w / outW) : j * window.strideW() - window.left();
  }

  /** One past the last column that output column {@code j} reaches; may lie beyond the input. */
  public int colEnd(int j) {
    return adaptive
        ? (int) (((long) (j + 1) * w + outW - 1) / outW)
        : colStart(j) + (kw - 1) * window.dilationW() + 1;
  }

  /** Distance between rows of a window. */
  public int rowStep() {
    return window.dilationH();
  }

  /** Distance between columns of a window. */
  public int colStep() {
    return window.dilationW();
  }

  /** What the average at output (i, j) is divided by. */
  public int divisor(int i, int j) {
    if (divisor != 0) {
      return divisor;
    }
    boolean padded = countPadding && !adaptive;
    int rows =
        Math.min(rowEnd(i), h + (padded ? window.bottom() : 0))
            - Math.max(rowStart(i), padded ? -window.top() : 0);
    int cols =
        Math.min(colEnd(j), w + (padded ? window.right() : 0))
            - Math.max(colStart(j), padded ? -window.left() : 0);
    return rows * cols;
  }
}
