package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.tensor.Tensor;
import akin.tensor.op.Pad;

/**
 * The residual networks for pictures of 32×32 pixels, 6n + 2 layers: [N,3,H,W] → features [N,64] →
 * logits, 10 as published.
 *
 * <pre>
 * conv1 3×3 · bn1 · ReLU                    [16, H, W]
 * layer1: n blocks                          [16, H, W]
 * layer2: n blocks, the first strides       [32, H/2, W/2]
 * layer3: n blocks, the first strides       [64, H/4, W/4]
 * mean over all positions                   [F = 64]
 * linear                                    [classes]
 * </pre>
 *
 * <p>Source: He et al., "Deep residual learning", CVPR 2016, section 4.2, with shortcuts without
 * weights (option A); names and first values as in github.com/akamaster/pytorch_resnet_cifar10,
 * which publishes weights.
 */
public final class CifarResNet extends Backbone implements FeatureMaps {
  private static final int[] WIDTHS = {16, 32, 64};

  private final Layer conv1;
  private final BatchNorm bn1;
  private final Activation relu = Activation.relu();
  private final Sequential[] stages = new Sequential[WIDTHS.length];
  private final Layer linear;

  /**
   * @param blocks n, of each stage
   */
  CifarResNet(int blocks, Architecture.Options options) {
    conv1 = child("conv1", convolution(3, WIDTHS[0], 1));
    bn1 = child("bn1", new BatchNorm(WIDTHS[0]));
    int in = WIDTHS[0];
    for (int i = 0; i < stages.length; i++) {
      Layer[] layers = new Layer[blocks];
      for (int j = 0; j < blocks; j++) {
        layers[j] = new Block(in, WIDTHS[i], i > 0 && j == 0 ? 2 : 1);
        in = WIDTHS[i];
      }
      stages[i] = child("layer" + (i + 1), new Sequential(layers));
    }
    int classes = options.classes(10);
    linear =
        classes == 0
            ? null
            : child(
                "linear",
                new Linear(in, classes)
                    .startWith(
                        Initializer.kaimingNormal(in), Initializer.uniform(1 / Math.sqrt(in))));
  }

  /** 3×3 without bias, padded to keep the size, begun by the inputs of an output (fan in). */
  private static Conv2d convolution(int in, int out, int stride) {
    Conv2d conv = new Conv2d(in, out, Conv2d.Options.kernel(3).window(stride, 1).unbiased());
    conv.weight().startWith(Initializer.kaimingNormal(in * 9L));
    return conv;
  }

  @Override
  public int width() {
    return WIDTHS[WIDTHS.length - 1];
  }

  @Override
  public int stride() {
    return 4;
  }

  @Override
  public Tensor features(Tensor pictures) {
    return maps(pictures).mean(false, 2, 3);
  }

  @Override
  public Tensor maps(Tensor pictures) {
    Tensor x = bn1.apply(conv1.apply(pictures), relu);
    for (Sequential stage : stages) {
      x = stage.apply(x);
    }
    return x;
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    Tensor x = features(pictures);
    return linear == null ? x : linear.apply(x);
  }

  /** y = relu(bn2(conv2(relu(bn1(conv1 x)))) + shortcut x). */
  private static final class Block extends Layer {
    private final Layer conv1;
    private final BatchNorm bn1;
    private final Activation relu = Activation.relu();
    private final Layer conv2;
    private final Layer bn2;
    private final Layer shortcut;

    Block(int in, int out, int stride) {
      conv1 = child("conv1", convolution(in, out, stride));
      bn1 = child("bn1", new BatchNorm(out));
      conv2 = child("conv2", convolution(out, out, 1));
      bn2 = child("bn2", new BatchNorm(out));
      shortcut = child("shortcut", in == out ? new Sequential() : new Subsample(out - in));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = bn1.apply(conv1.apply(x), relu);
      y = bn2.apply(conv2.apply(y));
      return y.add(shortcut.apply(x)).relu();
    }
  }

  /** Every second row and column, and channels of zeros, half of them before, half behind. */
  private static final class Subsample extends Layer {
    private final int zeros;

    Subsample(int zeros) {
      this.zeros = zeros;
    }

    @Override
    protected Tensor forward(Tensor x) {
      return Tensor.apply(new Pad(1, zeros / 2, zeros / 2, 0), x.maxPool2d(1, 2, 0));
    }
  }
}
