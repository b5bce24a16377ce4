package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.tensor.Tensor;

/**
 * ShuffleNetV2 with half the channels (x0.5): [N,3,H,W] → features [N,F] → logits.
 *
 * <pre>
 * conv1     3×3, stride 2, norm, ReLU     [ 24, H/2,  W/2 ]
 * maxpool   3×3, stride 2                 [ 24, H/4,  W/4 ]
 * stage2    4 blocks, the first strides   [ 48, H/8,  W/8 ]
 * stage3    8 blocks, the first strides   [ 96, H/16, W/16]
 * stage4    4 blocks, the first strides   [192, H/32, W/32]
 * conv5     1×1, norm, ReLU               [1024, H/32, W/32]
 * mean over all positions                 [F = 1024]
 * fc                                      [classes]
 * </pre>
 *
 * <p>Source: Ma et al., "ShuffleNet V2: practical guidelines for efficient CNN architecture
 * design", ECCV 2018; names and first values (PyTorch's defaults) as in torchvision.
 */
public final class ShuffleNetV2 extends Backbone implements FeatureMaps {
  private static final int[] BLOCKS = {4, 8, 4};
  private static final int[] WIDTHS = {48, 96, 192};
  private static final int FIRST = 24;
  private static final int LAST = 1024;

  private final Layer conv1;
  private final Layer maxpool;
  private final Sequential[] stages = new Sequential[BLOCKS.length];
  private final Layer conv5;
  private final Layer fc;

  ShuffleNetV2(Architecture.Options options) {
    conv1 =
        child(
            "conv1",
            new Sequential(
                new Conv2d(3, FIRST, Conv2d.Options.kernel(3).window(2, 1).unbiased()),
                new BatchNorm(FIRST),
                Activation.relu()));
    maxpool = child("maxpool", Pool.max(3, 2, 1));
    int in = FIRST;
    for (int i = 0; i < stages.length; i++) {
      Layer[] blocks = new Layer[BLOCKS[i]];
      for (int j = 0; j < blocks.length; j++) {
        blocks[j] = new Block(in, WIDTHS[i], j == 0 ? 2 : 1);
        in = WIDTHS[i];
      }
      stages[i] = child("stage" + (i + 2), new Sequential(blocks));
    }
    conv5 = child("conv5", new Sequential(point(in, LAST), new BatchNorm(LAST), Activation.relu()));
    int classes = options.classes(1000);
    fc = classes == 0 ? null : child("fc", new Linear(LAST, classes));
  }

  private static Conv2d point(int in, int out) {
    return new Conv2d(in, out, Conv2d.Options.kernel(1).unbiased());
  }

  private static Conv2d depthwise(int channels, int stride) {
    return new Conv2d(
        channels, channels, Conv2d.Options.kernel(3).window(stride, 1).groups(channels).unbiased());
  }

  @Override
  public int width() {
    return LAST;
  }

  @Override
  public int stride() {
    return 32;
  }

  @Override
  public Tensor features(Tensor pictures) {
    return maps(pictures).mean(false, 2, 3);
  }

  @Override
  public Tensor maps(Tensor pictures) {
    Tensor x = maxpool.apply(conv1.apply(pictures));
    for (Sequential stage : stages) {
      x = stage.apply(x);
    }
    return conv5.apply(x);
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    Tensor x = features(pictures);
    return fc == null ? x : fc.apply(x);
  }

  /**
   * Without stride, the first half of the channels passes by and the second goes through {@code
   * branch2}; with stride, all channels go through both branches. The halves are joined and their
   * channels alternate, so that the next block mixes them. [N,in,H,W] →
   * [N,out,⌈H/stride⌉,⌈W/stride⌉].
   */
  private static final class Block extends Layer {
    private final Layer branch1;
    private final Layer branch2;
    private final boolean split;

    Block(int in, int out, int stride) {
      int half = out / 2;
      split = stride == 1;
      branch1 =
          child(
              "branch1",
              split
                  ? new Sequential()
                  : new Sequential(
                      depthwise(in, stride),
                      new BatchNorm(in),
                      point(in, half),
                      new BatchNorm(half),
                      Activation.relu()));
      branch2 =
          child(
              "branch2",
              new Sequential(
                  point(split ? half : in, half),
                  new BatchNorm(half),
                  Activation.relu(),
                  depthwise(half, stride),
                  new BatchNorm(half),
                  point(half, half),
                  new BatchNorm(half),
                  Activation.relu()));
    }

    @Override
    protected Tensor forward(Tensor x) {
      int half = x.dim(1) / 2;
      Tensor left = split ? x.slice(1, 0, half) : x;
      Tensor right = split ? x.slice(1, half, x.dim(1)) : x;
      return alternating(Tensor.concat(1, branch1.apply(left), branch2.apply(right)));
    }

    /** Channels 0, C/2, 1, C/2 + 1, … */
    private static Tensor alternating(Tensor x) {
      Tensor halves = x.reshape(x.dim(0), 2, x.dim(1) / 2, x.dim(2), x.dim(3));
      return halves.permute(0, 2, 1, 3, 4).reshape(x.shape());
    }
  }
}
