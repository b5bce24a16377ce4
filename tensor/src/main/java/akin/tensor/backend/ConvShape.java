package akin.tensor.backend;

import akin.tensor.Shape;
import akin.tensor.ShapeException;

/**
 * The sizes of a two-dimensional convolution: input [N,C,H,W], kernel [O,C/groups,KH,KW], output
 * [N,O,OH,OW] with OH = ⌊(H + top + bottom − dilationH·(KH − 1) − 1)/strideH⌋ + 1, OW likewise.
 */
public record ConvShape(
    int n, int c, int h, int w, int o, int kh, int kw, Window window, int groups) {

  /**
   * Where a window of KH×KW taps is laid: strides ≥ 1, zero padding ≥ 0 on each side, distance ≥ 1
   * between taps.
   */
  public record Window(
      int strideH,
      int strideW,
      int top,
      int bottom,
      int left,
      int right,
      int dilationH,
      int dilationW) {
    /** Checks the ranges. */
    public Window {
      ShapeException.check(
          Math.min(strideH, strideW) >= 1
              && Math.min(Math.min(top, bottom), Math.min(left, right)) >= 0
              && Math.min(dilationH, dilationW) >= 1,
          () ->
              ShapeException.of("window: a number is out of range")
                  .with("stride", strideH + "×" + strideW)
                  .with(
                      "padding",
                      "top " + top + ", bottom " + bottom + ", left " + left + ", right " + right)
                  .with("dilated", dilationH + "×" + dilationW)
                  .needed("stride ≥ 1, padding ≥ 0, dilation ≥ 1"));
    }

    /** Stride 1, no padding, no dilation. */
    public static Window plain() {
      return new Window(1, 1, 0, 0, 0, 0, 1, 1);
    }

    /** The same stride and padding on all sides. */
    public static Window of(int stride, int padding) {
      return new Window(stride, stride, padding, padding, padding, padding, 1, 1);
    }

    /** This window with {@code dilation} between taps. */
    public Window dilated(int dilation) {
      return new Window(strideH, strideW, top, bottom, left, right, dilation, dilation);
    }
  }

  /** Checks that kernel and input fit, and gives the sizes. */
  public static ConvShape of(Shape input, Shape kernel, Window window, int groups) {
    ShapeException.check(
        input.rank() == 4 && kernel.rank() == 4,
        () ->
            ShapeException.of("convolution: four axes each")
                .with("input", input)
                .with("kernel", kernel)
                .needed("input [N,C,H,W], kernel [O,C/groups,KH,KW]"));
    ShapeException.check(
        groups >= 1 && input.dim(1) == kernel.dim(1) * groups && kernel.dim(0) % groups == 0,
        () ->
            ShapeException.of("convolution: input channels do not match the kernel")
                .with("input", named(input, "N", "C", "H", "W"))
                .with("kernel", named(kernel, "O", "C", "H", "W") + ", groups=" + groups)
                .needed(
                    "C(input) = C(kernel) × groups, O divisible by groups;  "
                        + input.dim(1)
                        + (input.dim(1) == kernel.dim(1) * groups ? " = " : " ≠ ")
                        + kernel.dim(1)
                        + " × "
                        + groups));
    ConvShape s =
        new ConvShape(
            input.dim(0),
            input.dim(1),
            input.dim(2),
            input.dim(3),
            kernel.dim(0),
            kernel.dim(2),
            kernel.dim(3),
            window,
            groups);
    ShapeException.check(
        s.outH() >= 1 && s.outW() >= 1,
        () ->
            ShapeException.of("convolution: the kernel does not fit into the padded input")
                .with("input", named(input, "N", "C", "H", "W"))
                .with("kernel", named(kernel, "O", "C", "H", "W"))
                .with("window", window)
                .needed("output at least 1 × 1;  " + s.outH() + " × " + s.outW()));
    return s;
  }

  /** Height of the output. */
  public int outH() {
    int reach = window.dilationH * (kh - 1) + 1;
    return Math.floorDiv(h + window.top + window.bottom - reach, window.strideH) + 1;
  }

  /** Width of the output. */
  public int outW() {
    int reach = window.dilationW * (kw - 1) + 1;
    return Math.floorDiv(w + window.left + window.right - reach, window.strideW) + 1;
  }

  /** Channels of the input that one output channel sees. */
  public int channelsPerGroup() {
    return c / groups;
  }

  /** Shape of the input, [N,C,H,W]. */
  public Shape input() {
    return Shape.of(n, c, h, w);
  }

  /** Shape of the kernel, [O,C/groups,KH,KW]. */
  public Shape kernel() {
    return Shape.of(o, c / groups, kh, kw);
  }

  /** Shape of the output, [N,O,OH,OW]. */
  public Shape output() {
    return Shape.of(n, o, outH(), outW());
  }

  private static String named(Shape shape, String... names) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < names.length; i++) {
      text.append(i == 0 ? "" : ", ").append(names[i]).append('=').append(shape.size(i));
    }
    return text.append(']').toString();
  }
}
