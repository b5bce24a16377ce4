package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Residual networks: [N,3,H,W] → features [N,F] → logits.
 *
 * <pre>
 * conv1 7×7, stride 2 · bn1 · ReLU · maxpool 3×3, stride 2     [64, H/4, W/4]
 * layer1                                                       [64e, H/4, W/4]
 * layer2, layer3, layer4, each with stride 2                   [512e, H/32, W/32]
 * avgpool, mean over all positions                             [F = 512e]
 * fc                                                           [classes]
 * </pre>
 *
 * e = 1 with basic blocks (ResNet-18, -34), 4 with bottlenecks. ResNeXt splits the 3×3 convolutions
 * into groups, the wide network doubles their channels. With {@code last-stride=1} layer4 keeps the
 * size of layer3, as the network of combined global descriptors does. With {@code end=layer3.2} the
 * network ends after that block, the third of its stage, and has no classifier.
 *
 * <p>Sources: He et al., "Deep residual learning", CVPR 2016; Xie et al., "Aggregated residual
 * transformations", CVPR 2017; Zagoruyko, Komodakis, "Wide residual networks", BMVC 2016.
 */
public final class ResNet extends Backbone implements FeatureMaps {
  private static final int[] WIDTHS = {64, 128, 256, 512};
  private static final int STEM = 4; // stride before the first stage

  private final Layer conv1;
  private final BatchNorm bn1;
  private final Activation relu;
  private final Layer maxpool;
  private final List<Sequential> stages = new ArrayList<>();
  private final Layer avgpool;
  private final Layer fc;
  private final int width;
  private final int stride;

  /**
   * Which blocks.
   *
   * @param bottleneck whether of three convolutions
   * @param blocks of each stage
   * @param groups of the 3×3 convolution of a bottleneck
   * @param base channels of a group in the first stage
   */
  record Plan(boolean bottleneck, int[] blocks, int groups, int base) {
    static Plan basic(int... blocks) {
      return new Plan(false, blocks, 1, 64);
    }

    static Plan bottleneck(int... blocks) {
      return new Plan(true, blocks, 1, 64);
    }

    Plan groups(int groups, int base) {
      return new Plan(bottleneck, blocks, groups, base);
    }

    /** The blocks of each stage up to the one of that name; all without. */
    int[] until(String end) {
      if (end == null) {
        return blocks;
      }
      for (int i = 0; i < blocks.length; i++) {
        for (int j = 0; j < blocks[i]; j++) {
          if (end.equals("layer" + (i + 1) + "." + j)) {
            int[] kept = Arrays.copyOf(blocks, i + 1);
            kept[i] = j + 1;
            return kept;
          }
        }
      }
      throw UserError.of("the network has no block '" + end + "' to end with")
          .rule(
              "layerS.B, stage S and block B counted from 1 and from 0; the stages have "
                  + Arrays.toString(blocks)
                  + " blocks");
    }

    int out(int width) {
      return bottleneck ? Bottleneck.EXPANSION * width : width;
    }

    Layer block(int in, int width, int stride, boolean strideFirst) {
      int inner = width * base / WIDTHS[0] * groups;
      return bottleneck
          ? new Bottleneck(in, inner, out(width), stride, groups, strideFirst)
          : new BasicBlock(in, width, stride);
    }
  }

  ResNet(Plan plan, Architecture.Options options) {
    conv1 = child("conv1", BasicBlock.convolution(3, WIDTHS[0], 7, 2));
    bn1 = child("bn1", new BatchNorm(WIDTHS[0]));
    relu = child("relu", Activation.relu());
    maxpool = child("maxpool", Pool.max(3, 2, 1));
    int[] blocks = plan.until(options.end());
    int in = WIDTHS[0];
    int step = STEM;
    for (int i = 0; i < blocks.length; i++) {
      int stride = i == 0 ? 1 : i == WIDTHS.length - 1 ? options.lastStride() : 2;
      Layer[] layers = new Layer[blocks[i]];
      for (int j = 0; j < layers.length; j++) {
        layers[j] = plan.block(in, WIDTHS[i], j == 0 ? stride : 1, options.strideFirst());
        in = plan.out(WIDTHS[i]);
      }
      stages.add(child("layer" + (i + 1), new Sequential(layers)));
      step *= stride;
    }
    width = in;
    stride = step;
    avgpool = child("avgpool", Pool.adaptiveAverage(1, 1));
    int classes = options.classes(options.end() == null ? 1000 : 0);
    fc = classes == 0 ? null : child("fc", new Linear(width, classes));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int stride() {
    return stride;
  }

  @Override
  public Tensor features(Tensor pictures) {
    return avgpool.apply(maps(pictures)).flatten(1);
  }

  @Override
  public Tensor maps(Tensor pictures) {
    Tensor x = maxpool.apply(bn1.apply(conv1.apply(pictures), relu));
    for (Sequential stage : stages) {
      x = stage.apply(x);
    }
    return x;
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    Tensor x = features(pictures);
    return fc == null ? x : fc.apply(x);
  }
}
