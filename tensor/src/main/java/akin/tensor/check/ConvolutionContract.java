package akin.tensor.check;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.ConvShape;
import akin.tensor.backend.ConvShape.Window;
import java.util.List;
import java.util.stream.IntStream;

/** Cases for convolution and its gradients. */
final class ConvolutionContract {
  private final List<ContractCase> cases;
  private final int others; // in the list

  private ConvolutionContract(List<ContractCase> cases) {
    this.cases = cases;
    others = cases.size();
  }

  static void addTo(List<ContractCase> cases) {
    ConvolutionContract c = new ConvolutionContract(cases);
    c.windows();
    c.groups();
    c.plain();
    c.depthwise();
    c.pointwise();
    c.winograd();
    c.manyChannels();
    c.far();
  }

  private void plain() {
    for (Activation act : Activation.values()) {
      String name = "a bias that is NaN, " + act;
      cases.add(new ContractCase("conv2d", name, t -> notANumber(t, act)));
    }
    Window same = Window.of(1, 1);
    add("1×1", in(2, 13, 7, 8), kernel(7, 13, 1, 1), Window.plain(), 1);
    add("1×1 of one pixel", in(3, 64, 1, 1), kernel(8, 64, 1, 1), Window.plain(), 1);
    add("1×1 with stride 2", in(2, 8, 13, 7), kernel(13, 8, 1, 1), Window.of(2, 0), 1);
    add("3×3", in(1, 1, 8, 8), kernel(1, 1, 3, 3), Window.plain(), 1);
    add("3×3, one number out", in(1, 3, 3, 3), kernel(1, 3, 3, 3), Window.plain(), 1);
    add("3×3, padded", in(2, 7, 13, 8), kernel(8, 7, 3, 3), same, 1);
    add("3×3, wide", in(1, 64, 8, 7), kernel(64, 64, 3, 3), same, 1);
    add("3×3, many pictures", in(13, 3, 7, 7), kernel(7, 3, 3, 3), same, 1);
    add("3×3 on one row", in(2, 3, 1, 64), kernel(3, 3, 3, 3), same, 1);
    add("3×3 on one column", in(2, 3, 64, 1), kernel(3, 3, 3, 3), same, 1);
    add("as large as the picture", in(3, 8, 7, 5), kernel(13, 8, 7, 5), Window.plain(), 1);
    add("1×5", in(2, 3, 7, 13), kernel(4, 3, 1, 5), window(1, 1, 0, 0, 2, 2), 1);
    add("5×1", in(2, 3, 13, 7), kernel(4, 3, 5, 1), window(1, 1, 2, 2, 0, 0), 1);
    add("2×4, even", in(2, 3, 8, 9), kernel(5, 3, 2, 4), Window.plain(), 1);
    add("stem 7×7", in(1, 3, 33, 30), kernel(13, 3, 7, 7), Window.of(2, 3), 1);
    add("a long row", in(1, 2, 3, 207), kernel(3, 2, 3, 3), same, 1);
    add("a larger picture", in(1, 3, 65, 63), kernel(8, 3, 3, 3), same, 1);
    add("many pixels", in(3, 9, 40, 41), kernel(20, 9, 3, 3), same, 1);
    // for each way that a backend may go by the shape
    add("no picture", in(0, 3, 8, 8), kernel(4, 3, 3, 3), same, 1);
    add("no picture, 1×1", in(0, 13, 8, 8), kernel(7, 13, 1, 1), Window.plain(), 1);
    add("no picture, 1×1, stride 2", in(0, 8, 9, 9), kernel(7, 8, 1, 1), Window.of(2, 0), 1);
    add("no picture, 17 channels", in(0, 17, 7, 7), kernel(19, 17, 3, 3), same, 1);
    add("no picture, 64 channels", in(0, 64, 16, 16), kernel(64, 64, 3, 3), same, 1);
    add("no picture, depthwise", in(0, 13, 8, 8), kernel(13, 1, 3, 3), same, 13);
  }

  private void windows() {
    Window uneven = new Window(2, 1, 1, 0, 2, 3, 2, 3);
    add("all unequal", in(2, 4, 13, 15), kernel(6, 2, 3, 2), uneven, 2);
    add("stride 2", in(2, 5, 13, 14), kernel(7, 5, 3, 3), Window.of(2, 1), 1);
    add("strides 3 and 1", in(2, 3, 13, 8), kernel(4, 3, 3, 3), window(3, 1, 1, 1, 1, 1), 1);
    add("stride over the kernel", in(2, 3, 13, 13), kernel(4, 3, 2, 2), Window.of(4, 0), 1);
    add("rows never reached", in(1, 3, 8, 8), kernel(4, 3, 3, 3), Window.of(3, 0), 1);
    add("unequal padding", in(2, 3, 8, 7), kernel(4, 3, 3, 3), window(1, 1, 0, 2, 1, 3), 1);
    add("unequal, stride 2", in(2, 3, 9, 8), kernel(4, 3, 4, 3), window(2, 2, 1, 2, 2, 0), 1);
    add("padding beyond the kernel", in(1, 2, 3, 3), kernel(3, 2, 2, 2), Window.of(1, 3), 1);
    add("dilated", in(2, 3, 13, 11), kernel(4, 3, 3, 3), Window.of(1, 2).dilated(2), 1);
    add("dilated, stride 2", in(2, 3, 17, 16), kernel(4, 3, 3, 3), Window.of(2, 3).dilated(3), 1);
  }

  private void groups() {
    Window same = Window.of(1, 1);
    add("2 groups", in(2, 6, 8, 7), kernel(8, 3, 3, 3), same, 2);
    add("3 groups of 1×1", in(2, 21, 5, 5), kernel(24, 7, 1, 1), Window.plain(), 3);
    add("4 groups, stride 2", in(1, 16, 13, 13), kernel(32, 4, 3, 3), Window.of(2, 1), 4);
    add("depthwise", in(2, 13, 8, 9), kernel(13, 1, 3, 3), same, 13);
    add("depthwise, stride 2", in(1, 64, 13, 13), kernel(64, 1, 3, 3), Window.of(2, 1), 64);
    add("depthwise 5×5, dilated", in(1, 7, 16, 13), kernel(7, 1, 5, 5), same.dilated(2), 7);
    add("depthwise, two each", in(2, 5, 7, 7), kernel(10, 1, 3, 3), same, 5);
    add("depthwise, many pixels", in(3, 24, 40, 41), kernel(24, 1, 3, 3), same, 24);
    add("depthwise 7×7", in(1, 8, 14, 14), kernel(8, 1, 7, 7), Window.of(1, 3), 8);
  }

  /** Kernels that see one plane: every way of padding, rows shorter and longer than vectors. */
  private void depthwise() {
    Window same = Window.of(1, 1);
    Window half = Window.of(2, 1);
    Window late = window(2, 2, 0, 1, 0, 1); // TensorFlow pads so where the size is even
    int[][] sizes = {{1, 1}, {3, 2}, {7, 7}, {5, 16}, {14, 14}, {9, 33}, {3, 207}, {64, 13}};
    for (int[] hw : sizes) {
      String name = "depthwise of " + hw[0] + "×" + hw[1];
      Shape x = in(2, 3, hw[0], hw[1]);
      add(name, x, kernel(3, 1, 3, 3), same, 3);
      add(name + ", stride 2", x, kernel(3, 1, 3, 3), half, 3);
      add(name + ", 5×5", x, kernel(3, 1, 5, 5), Window.of(1, 2), 3);
      if (Math.min(hw[0], hw[1]) > 1) {
        add(name + ", stride 2, padded behind", x, kernel(3, 1, 3, 3), late, 3);
        add(name + ", stride 2, 5×5", x, kernel(3, 1, 5, 5), window(2, 2, 1, 2, 1, 2), 3);
      }
    }
    Shape x = in(2, 5, 12, 15);
    add("depthwise 1×3", x, kernel(5, 1, 1, 3), window(1, 1, 0, 0, 1, 1), 5);
    add("depthwise 3×3, rows padded", x, kernel(5, 1, 3, 3), window(1, 1, 2, 0, 1, 1), 5);
    add("depthwise 3×3, rows dilated", x, kernel(5, 1, 3, 3), DOWN, 5);
    add("depthwise 3×3, strides 2 and 1", x, kernel(5, 1, 3, 3), window(2, 1, 1, 1, 1, 1), 5);
    add("depthwise 3×3, strides 1 and 2", x, kernel(5, 1, 3, 3), window(1, 2, 1, 1, 1, 1), 5);
    add("depthwise 3×3, strides 3 and 2", x, kernel(5, 1, 3, 3), window(3, 2, 1, 0, 0, 0), 5);
    add("depthwise 3×3, unpadded", x, kernel(5, 1, 3, 3), Window.plain(), 5);
    add("depthwise 3×3, stride 3", x, kernel(5, 1, 3, 3), Window.of(3, 1), 5);
    add("depthwise 3×3, two each, stride 2", x, kernel(10, 1, 3, 3), half, 5);
    add("one channel as a group", in(3, 1, 9, 9), kernel(1, 1, 3, 3), same, 1);
    add("one channel, three outputs", in(3, 1, 9, 9), kernel(3, 1, 3, 3), half, 1);
    add("depthwise, no picture", in(0, 3, 8, 8), kernel(3, 1, 3, 3), same, 3);
  }

  /** One tap at every cell: large pictures and small, many channels and few, groups. */
  private void pointwise() {
    Window plain = Window.plain();
    add("1×1, cells of many chunks", in(2, 5, 40, 41), kernel(7, 5, 1, 1), plain, 1);
    add("1×1, cells just over a vector", in(3, 13, 17, 16), kernel(25, 13, 1, 1), plain, 1);
    add("1×1, small pictures together", in(9, 40, 7, 7), kernel(50, 40, 1, 1), plain, 1);
    add("1×1, one cell too many", in(2, 3, 1, 257), kernel(1, 3, 1, 1), plain, 1);
    add("1×1, many outputs", in(1, 30, 20, 20), kernel(130, 30, 1, 1), plain, 1);
    add("1×1, many channels", in(2, 700, 4, 3), kernel(9, 700, 1, 1), plain, 1);
    add("1×1, one channel to two", in(2, 1, 19, 18), kernel(2, 1, 1, 1), plain, 1);
    add("1×1, two groups of large pictures", in(2, 8, 23, 24), kernel(14, 4, 1, 1), plain, 2);
    add("1×1, padded", in(2, 4, 7, 9), kernel(5, 4, 1, 1), Window.of(1, 1), 1);
    add("1×1, strides 2 and 1", in(2, 4, 7, 9), kernel(5, 4, 1, 1), window(2, 1, 0, 0, 0, 0), 1);
    add("1×1, stride 2", in(2, 12, 14, 15), kernel(20, 12, 1, 1), Window.of(2, 0), 1);
    add("1×1, stride 2, large", in(2, 3, 35, 37), kernel(5, 3, 1, 1), Window.of(2, 0), 1);
    add("1×1, stride 2, groups", in(2, 12, 9, 40), kernel(20, 6, 1, 1), Window.of(2, 0), 2);
    add("1×1, strides 3 and 1", in(1, 4, 11, 5), kernel(5, 4, 1, 1), window(3, 1, 0, 0, 0, 0), 1);
    add("1×1, no picture", in(0, 3, 20, 20), kernel(3, 3, 1, 1), plain, 1);
  }

  /** Sizes at which a card needs more pieces than it takes for small ones. */
  private void far() {
    Window same = Window.of(1, 1);
    ConvShape large = ConvShape.of(in(2, 3, 79, 80), kernel(3, 1, 3, 3), same, 3);
    cases.add(
        new ContractCase(
            "conv2dGradWeight", "depthwise, pixels of pieces", t -> gradWeight(t, large)));
    ConvShape wide = ConvShape.of(in(1, 29, 1, 4100), kernel(29, 1, 3, 3), same, 29);
    cases.add(
        new ContractCase(
            "conv2dGradWeight", "depthwise, many weights of pieces", t -> gradWeight(t, wide)));
    Window down = window(1, 1, 1, 1, 0, 0);
    add("depthwise 3×1", in(2, 5, 12, 15), kernel(5, 1, 3, 1), down, 5);
    add("65537 pictures", in(65_537, 1, 1, 1), kernel(1, 1, 1, 1), Window.plain(), 1);
  }

  /** Channels that fill a vector of any width, in and out. */
  private void manyChannels() {
    Window half = Window.of(2, 1);
    int[][] sizes = {{1, 1}, {2, 3}, {7, 7}, {8, 13}, {5, 30}};
    for (int[] hw : sizes) {
      String name = "full vectors, stride 2, " + hw[0] + "×" + hw[1];
      add(name, in(2, 35, hw[0], hw[1]), kernel(33, 35, 3, 3), half, 1);
    }
    add("full vectors, 5×5", in(3, 32, 6, 7), kernel(70, 32, 5, 5), Window.of(1, 2), 1);
    add("full vectors, even", in(1, 33, 9, 8), kernel(32, 33, 2, 4), Window.plain(), 1);
    add("full vectors, 2 groups", in(2, 64, 9, 8), kernel(66, 32, 3, 3), half, 2);
    add(
        "full vectors, dilated",
        in(2, 32, 9, 8),
        kernel(34, 32, 3, 3),
        Window.of(1, 2).dilated(2),
        1);
    Window uneven = window(3, 2, 0, 2, 1, 3);
    add("full vectors, unequal padding", in(3, 33, 11, 7), kernel(32, 33, 3, 3), uneven, 1);
    Window over = Window.of(2, 0);
    add("full vectors, stride as the kernel", in(1, 32, 9, 9), kernel(32, 32, 2, 2), over, 1);
    add("full vectors, rows never reached", in(1, 32, 9, 6), kernel(32, 32, 2, 1), over, 1);
    add("full vectors, many pictures", in(30, 32, 7, 7), kernel(32, 32, 3, 3), half, 1);
    add("full vectors, many pixels", in(1, 32, 61, 58), kernel(34, 32, 3, 3), half, 1);
    add("full vectors, no picture", in(0, 32, 8, 8), kernel(32, 32, 3, 3), half, 1);
  }

  /** 3×3 with many channels, which may be computed by Winograd: see {@link WinogradBound}. */
  private void winograd() {
    Window same = Window.of(1, 1);
    int[][] sizes = {{1, 1}, {2, 3}, {4, 5}, {7, 7}, {13, 9}, {5, 30}};
    for (int[] hw : sizes) {
      String name = "many channels, " + hw[0] + "×" + hw[1];
      add(name, in(2, 66, hw[0], hw[1]), kernel(65, 66, 3, 3), same, 1);
    }
    add("many channels, unpadded", in(1, 64, 8, 7), kernel(64, 64, 3, 3), Window.plain(), 1);
    add("many channels, padded twice", in(1, 67, 4, 6), kernel(64, 67, 3, 3), Window.of(1, 2), 1);
    Window uneven = window(1, 1, 0, 2, 1, 3);
    add("many channels, unequal padding", in(3, 65, 6, 7), kernel(70, 65, 3, 3), uneven, 1);
    add("many channels, 2 groups", in(2, 128, 9, 8), kernel(130, 64, 3, 3), same, 2);
    add("many channels and pictures", in(30, 64, 7, 7), kernel(64, 64, 3, 3), same, 1);
    add("many channels and pixels", in(1, 64, 61, 58), kernel(66, 64, 3, 3), same, 1);
    add("many channels, no picture", in(0, 64, 8, 8), kernel(64, 64, 3, 3), same, 1);
  }

  private static final Window DOWN = new Window(1, 1, 2, 2, 1, 1, 2, 1);

  private static Shape in(int n, int c, int h, int w) {
    return Shape.of(n, c, h, w);
  }

  private static Shape kernel(int o, int c, int h, int w) {
    return Shape.of(o, c, h, w);
  }

  private static Window window(int sh, int sw, int top, int bottom, int left, int right) {
    return new Window(sh, sw, top, bottom, left, right, 1, 1);
  }

  private void add(String name, Shape input, Shape kernel, Window window, int groups) {
    ConvShape s = ConvShape.of(input, kernel, window, groups);
    for (Epilogue e : Epilogue.some(cases.size() - others)) {
      cases.add(new ContractCase("conv2d", name + ", " + e, t -> forward(t, s, e)));
    }
    cases.add(new ContractCase("conv2dGradInput", name, t -> gradInput(t, s)));
    cases.add(new ContractCase("conv2dGradWeight", name, t -> gradWeight(t, s)));
  }

  /** What follows the products. */
  private enum Epilogue {
    NONE(false, false, Activation.IDENTITY),
    BIAS(true, false, Activation.IDENTITY),
    RELU(false, false, Activation.RELU),
    BIAS_RELU6(true, false, Activation.RELU6),
    RESIDUAL(false, true, Activation.IDENTITY),
    BIAS_RESIDUAL_RELU(true, true, Activation.RELU);

    final boolean bias;
    final boolean residual;
    final Activation activation;

    /** Three of them: not every window meets every epilogue. */
    static List<Epilogue> some(int n) {
      return IntStream.of(0, 2, 5).mapToObj(i -> values()[(n + i) % 6]).distinct().toList();
    }

    Epilogue(boolean bias, boolean residual, Activation activation) {
      this.bias = bias;
      this.residual = residual;
      this.activation = activation;
    }
  }

  /** A network that has broken down must show: NaN goes through every activation. */
  private static void notANumber(ContractBench t, Activation act) {
    ConvShape s = ConvShape.of(Shape.of(2, 3, 4, 5), Shape.of(2, 3, 3, 3), Window.of(1, 1), 1);
    Buffer x = t.in(t.normal(s.input().count()));
    Buffer w = t.in(t.normal(s.kernel().count()));
    Buffer y = t.out(s.output().count());
    t.backend().conv2d(s, x, w, t.in(Double.NaN, 0), null, act, y);
    double[] values = t.download(y);
    int plane = s.outH() * s.outW();
    for (int i = 0; i < values.length; i++) {
      t.holds("y[" + i + "] by its bias", Double.isNaN(values[i]) == (i / plane % 2 == 0));
    }
  }

  /** No activation makes an error larger, so the bound is that of the sum before it. */
  private static void forward(ContractBench t, ConvShape s, Epilogue e) {
    double[] pictures = t.normal(s.input().count());
    double[] kernel = t.normal(s.kernel().count());
    Buffer x = t.term(pictures);
    Buffer w = t.term(kernel);
    Buffer bias = e.bias ? t.term(t.normal(s.o())) : null;
    Buffer residual = e.residual ? t.term(t.normal(s.output().count())) : null;
    Buffer y = t.out(s.output().count());
    Activation act = t.magnitudes() ? Activation.IDENTITY : e.activation;
    t.backend().conv2d(s, x, w, bias, residual, act, y);
    Bound direct = Bound.ofTerms(s.channelsPerGroup() * s.kh() * s.kw() + 3);
    boolean winograd = WinogradBound.allowed(s);
    t.check("y", y, winograd ? direct.plus(WinogradBound.forward(s, pictures, kernel)) : direct);
  }

  private static void gradInput(ContractBench t, ConvShape s) {
    double[] gradients = t.normal(s.output().count());
    double[] kernel = t.normal(s.kernel().count());
    Buffer dy = t.term(gradients);
    Buffer w = t.term(kernel);
    Buffer dx = t.out(s.input().count());
    t.backend().conv2dGradInput(s, dy, w, dx);
    Bound direct = Bound.ofTerms(s.o() / s.groups() * s.kh() * s.kw() + 1);
    boolean winograd = WinogradBound.allowed(s);
    t.check(
        "dx", dx, winograd ? direct.plus(WinogradBound.gradInput(s, gradients, kernel)) : direct);
  }

  private static void gradWeight(ContractBench t, ConvShape s) {
    double[] pictures = t.normal(s.input().count());
    double[] gradients = t.normal(s.output().count());
    Buffer x = t.term(pictures);
    Buffer dy = t.term(gradients);
    Buffer dw = t.out(s.kernel().count());
    t.backend().conv2dGradWeight(s, x, dy, dw);
    Bound direct = Bound.ofTerms(s.n() * s.outH() * s.outW() + 1);
    boolean winograd = WinogradBound.allowed(s);
    t.check(
        "dw",
        dw,
        winograd ? direct.plus(WinogradBound.gradWeight(s, pictures, gradients)) : direct);
  }
}
