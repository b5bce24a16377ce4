package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Dropout;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.nn.StochasticDepth;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * EfficientNet-B0: [N,3,H,W] → features [N,F] → logits.
 *
 * <pre>
 * features.0   3×3, stride 2, norm, SiLU                       [ 32, H/2,  W/2 ]
 * features.1   1 inverted residual  3×3, expansion 1           [ 16, H/2,  W/2 ]
 * features.2   2 inverted residuals 3×3, expansion 6           [ 24, H/4,  W/4 ]
 * features.3   2                    5×5                        [ 40, H/8,  W/8 ]
 * features.4   3                    3×3                        [ 80, H/16, W/16]
 * features.5   3                    5×5                        [112, H/16, W/16]
 * features.6   4                    5×5                        [192, H/32, W/32]
 * features.7   1                    3×3                        [320, H/32, W/32]
 * features.8   1×1, norm, SiLU                                 [1280, H/32, W/32]
 * avgpool      mean over all positions                         [F = 1280]
 * classifier   dropout 0.2, linear                             [classes]
 * </pre>
 *
 * Every block has squeeze and excitation with a quarter of the channels that enter the block. In
 * training block i of 16 loses a sample's residual branch with probability 0.2·i/16.
 *
 * <p>Source: Tan, Le, "EfficientNet: rethinking model scaling", ICML 2019, table 1; names and first
 * values as in torchvision.
 */
public final class EfficientNet extends Backbone implements FeatureMaps {
  private static final double DEPTH = 0.2;
  private static final ConvNorm.Norm NORM = new ConvNorm.Norm(1e-5, 0.1);
  private static final MBConv.Style STYLE =
      new MBConv.Style(Activation::silu, Activation::sigmoid, NORM);

  /** Expansion, kernel, stride of the first block, channels, number of blocks. */
  private static final int[][] STAGES = {
    {1, 3, 1, 16, 1},
    {6, 3, 2, 24, 2},
    {6, 5, 2, 40, 2},
    {6, 3, 2, 80, 3},
    {6, 5, 1, 112, 3},
    {6, 5, 2, 192, 4},
    {6, 3, 1, 320, 1}
  };

  private final Layer features;
  private final Layer avgpool;
  private final Layer classifier;
  private final int width;

  EfficientNet(Architecture.Options options) {
    int count = Arrays.stream(STAGES).mapToInt(stage -> stage[4]).sum();
    int number = 0;
    List<Layer> layers = new ArrayList<>();
    int in = 32;
    layers.add(new ConvNorm(3, in, ConvNorm.Options.kernel(3).stride(2).then(Activation.silu())));
    for (int[] stage : STAGES) {
      Layer[] blocks = new Layer[stage[4]];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] =
            new MBConv(
                new MBConv.Plan(
                    in, stage[1], in * stage[0], stage[3], in / 4, i == 0 ? stage[2] : 1),
                Activation::silu,
                STYLE,
                new StochasticDepth(DEPTH * number++ / count));
        in = stage[3];
      }
      layers.add(new Sequential(blocks));
    }
    width = 4 * in;
    layers.add(new ConvNorm(in, width, ConvNorm.Options.kernel(1).then(Activation.silu())));
    features = child("features", new Sequential(layers.toArray(Layer[]::new)));
    avgpool = child("avgpool", Pool.adaptiveAverage(1, 1));
    int classes = options.classes(1000);
    classifier =
        classes == 0
            ? null
            : child(
                "classifier",
                new Sequential(
                    new Dropout(0.2),
                    new Linear(width, classes)
                        .startWith(
                            Initializer.uniform(1 / Math.sqrt(classes)), Initializer.constant(0))));
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
    return avgpool.apply(maps(pictures)).flatten(1);
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    Tensor x = features(pictures);
    return classifier == null ? x : classifier.apply(x);
  }
}
