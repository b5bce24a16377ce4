package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.ConvShape;

/**
 * Cross-correlation: [N, in, H, W] → [N, out, OH, OW], sizes as {@link ConvShape} says. {@code
 * weight} [out, in/groups, KH, KW] and {@code bias} [out] begin uniform in ±1/√(in/groups·KH·KW),
 * as PyTorch's.
 */
public final class Conv2d extends Layer {
  private final Options options;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * What a convolution may be told.
   *
   * @param kh height of the kernel
   * @param kw width of the kernel
   * @param window stride, padding and dilation
   * @param groups channels are split into so many groups that do not see each other
   * @param biased whether a bias is added
   * @param fitted whether the padding follows from the input's size, as TensorFlow's; see {@link
   *     #same}
   */
  public record Options(
      int kh, int kw, ConvShape.Window window, int groups, boolean biased, boolean fitted) {
    /** A square kernel, stride 1, no padding, one group, with a bias. */
    public static Options kernel(int size) {
      return new Options(size, size, ConvShape.Window.plain(), 1, true, false);
    }

    /** With this stride, and this padding on all sides. */
    public Options window(int stride, int padding) {
      return new Options(kh, kw, ConvShape.Window.of(stride, padding), groups, biased, false);
    }

    /** With so many groups. */
    public Options groups(int count) {
      return new Options(kh, kw, window, count, biased, fitted);
    }

    /** Without a bias, as before a batch norm. */
    public Options unbiased() {
      return new Options(kh, kw, window, groups, false, fitted);
    }

    /**
     * TensorFlow's SAME padding: OH = ⌈H/stride⌉, whatever H. Of the padding that this takes,
     * max((OH − 1)·stride + KH − H, 0), the smaller half goes above, the larger below; columns
     * likewise. For an odd kernel and stride 1 it is the usual symmetric padding; for stride 2 and
     * an even H the first row stays where it is.
     */
    public Options same() {
      return new Options(kh, kw, window, groups, biased, true);
    }

    /** The window for an input of this size. */
    ConvShape.Window on(long h, long w) {
      if (!fitted) {
        return window;
      }
      int rows = samePadding(h, kh, window.strideH(), window.dilationH());
      int columns = samePadding(w, kw, window.strideW(), window.dilationW());
      return new ConvShape.Window(
          window.strideH(),
          window.strideW(),
          rows / 2,
          rows - rows / 2,
          columns / 2,
          columns - columns / 2,
          window.dilationH(),
          window.dilationW());
    }

    private static int samePadding(long size, int kernel, int stride, int dilation) {
      long last = (size + stride - 1) / stride - 1; // index of the last output
      return (int) Math.max(last * stride + dilation * (kernel - 1) + 1 - size, 0);
    }
  }

  /** A square kernel, stride 1, no padding, with a bias. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, Options.kernel(kernel));
  }

  /** A convolution of {@code in} channels to {@code out}. */
  public Conv2d(int in, int out, Options options) {
    this.options = options;
    Shape shape = Shape.of(out, in / options.groups, options.kh, options.kw);
    long fan = shape.product(1, 4);
    weight = parameter("weight", shape, Initializer.kaimingUniform(fan, Math.sqrt(5)));
    bias =
        options.biased
            ? parameter("bias", Shape.of(out), Initializer.uniform(1 / Math.sqrt(fan)))
            : null;
  }

  /** Chooses other first values; before the network is initialised. */
  public Conv2d startWith(Initializer weights, Initializer biases) {
    weight.startWith(weights);
    if (bias != null) {
      bias.startWith(biases);
    }
    return this;
  }

  /** The kernel [out, in/groups, KH, KW]. */
  public Parameter weight() {
    return weight;
  }

  /** The bias [out], or null. */
  public Parameter bias() {
    return bias;
  }

  @Override
  protected Tensor forward(Tensor x) {
    ConvShape.Window window =
        x.shape().rank() == 4 ? options.on(x.shape().size(2), x.shape().size(3)) : options.window;
    return x.conv2d(weight.tensor(), bias == null ? null : bias.tensor(), window, options.groups);
  }
}
