package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Dropout;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * MobileNetV2: [N,3,H,W] → features [N,F] → logits.
 *
 * <pre>
 * features.0       3×3, stride 2, norm, ReLU6             [ 32, H/2,  W/2 ]
 * features.1       inverted residual, expansion 1         [ 16, H/2,  W/2 ]
 * features.2-3     inverted residuals, expansion 6, as    [ 24, H/4,  W/4 ]
 * features.4-6     all that follow; the first of each     [ 32, H/8,  W/8 ]
 * features.7-10    group has stride 2 where the size      [ 64, H/16, W/16]
 * features.11-13   shrinks                                [ 96, H/16, W/16]
 * features.14-16                                          [160, H/32, W/32]
 * features.17                                             [320, H/32, W/32]
 * features.18      1×1, norm, ReLU6                       [1280, H/32, W/32]
 * mean over all positions                                 [F = 1280]
 * classifier       dropout 0.2, linear                    [classes]
 * </pre>
 *
 * {@code width=X} multiplies the channels and rounds them to multiples of 8; F shrinks never below
 * 1280. {@code padding=same} pads every convolution as TensorFlow does, which weights trained there
 * need.
 *
 * <p>Source: Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018;
 * names, rounding and first values as in torchvision.
 */
public final class MobileNetV2 extends Backbone implements FeatureMaps {
  /** Expansion, channels, number of blocks and stride of the first, as in the paper's table 2. */
  private static final int[][] GROUPS = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1}
  };

  private final Layer features;
  private final Layer classifier;
  private final int width;

  MobileNetV2(Architecture.Options options) {
    List<Layer> layers = new ArrayList<>();
    int in = roundToEights(32 * options.width());
    layers.add(new ConvNorm(3, in, convolution(3, options).stride(2).then(Activation.relu6())));
    for (int[] group : GROUPS) {
      int out = roundToEights(group[1] * options.width());
      for (int i = 0; i < group[2]; i++) {
        layers.add(new InvertedResidual(in, out, group[0], i == 0 ? group[3] : 1, options));
        in = out;
      }
    }
    width = roundToEights(1280 * Math.max(1, options.width()));
    layers.add(new ConvNorm(in, width, convolution(1, options).then(Activation.relu6())));
    features = child("features", new Sequential(layers.toArray(Layer[]::new)));
    int classes = options.classes(1000);
    classifier =
        classes == 0
            ? null
            : child(
                "classifier",
                new Sequential(
                    new Dropout(0.2),
                    new Linear(width, classes)
                        .startWith(Initializer.normal(0, 0.01), Initializer.constant(0))));
  }

  private static ConvNorm.Options convolution(int kernel, Architecture.Options options) {
    return ConvNorm.Options.kernel(kernel).same(options.same());
  }

  /** The multiple of 8 nearest to {@code channels}, at least 8 and never 10 % below it. */
  static int roundToEights(double channels) {
    int rounded = Math.max(8, (int) (channels + 4) / 8 * 8);
    return rounded < 0.9 * channels ? rounded + 8 : rounded;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int stride() {
    return 32;
  }

  @Override
  public Tensor maps(Tensor pictures) {
    return features.apply(pictures);
  }

  @Override
  public Tensor features(Tensor pictures) {
    return maps(pictures).mean(false, 2, 3);
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    Tensor x = features(pictures);
    return classifier == null ? x : classifier.apply(x);
  }

  /**
   * 1×1 to {@code expansion} times the channels (not if 1), 3×3 depthwise with the stride, both
   * with norm and ReLU6; 1×1 to {@code out} and norm, without activation; plus x where sizes agree.
   */
  private static final class InvertedResidual extends Layer {
    private final Layer conv;
    private final boolean shortcut;

    InvertedResidual(int in, int out, int expansion, int stride, Architecture.Options options) {
      int inner = in * expansion;
      List<Layer> layers = new ArrayList<>();
      if (expansion != 1) {
        layers.add(new ConvNorm(in, inner, convolution(1, options).then(Activation.relu6())));
      }
      ConvNorm.Options depthwise = convolution(3, options).stride(stride).groups(inner);
      layers.add(new ConvNorm(inner, inner, depthwise.then(Activation.relu6())));
      layers.add(BasicBlock.convolution(inner, out, 1, 1));
      layers.add(new BatchNorm(out));
      conv = child("conv", new Sequential(layers.toArray(Layer[]::new)));
      shortcut = stride == 1 && in == out;
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = conv.apply(x);
      return shortcut ? x.add(y) : y;
    }
  }
}
