package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Conv2d;
import akin.nn.Flatten;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.LayerNorm;
import akin.nn.LayerNorm2d;
import akin.nn.Linear;
import akin.nn.Parameter;
import akin.nn.Permute;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.nn.StochasticDepth;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A residual network drawn after the Swin transformer: [N,3,H,W] → features [N,F] → logits.
 *
 * <pre>
 * features.0  conv 4×4, stride 4 · layer norm                  [w0, H/4, W/4]
 * features.1  blocks                                           [w0, H/4, W/4]
 * features.2  layer norm · conv 2×2, stride 2                  [w1, H/8, W/8]
 * features.3  blocks                                           [w1, H/8, W/8]
 * features.4, features.5                                       [w2, H/16, W/16]
 * features.6, features.7                                       [w3, H/32, W/32]
 * avgpool     mean over all positions                          [F = w3]
 * classifier  layer norm · flatten · linear                    [classes]
 * </pre>
 *
 * Widths are 96, 192, 384, 768 (base: 128, 256, 512, 1024), blocks 3, 3, 9, 3 (small and base: 27
 * in the third stage). Layer norms work on channels. The features are what the classifier's layer
 * norm reads.
 *
 * <p>Source: Liu et al., "A ConvNet for the 2020s", CVPR 2022; names as in torchvision.
 */
public final class ConvNeXt extends Backbone {
  private static final double EPS = 1e-6;

  private final Sequential features;
  private final Layer avgpool;
  private final Layer classifier;
  private final int width;

  /**
   * Sizes.
   *
   * @param widths channels of each stage
   * @param blocks of each stage
   * @param depth probability of losing the last block in training; earlier ones in proportion
   */
  record Plan(int[] widths, int[] blocks, double depth) {
    static Plan tiny() {
      return new Plan(new int[] {96, 192, 384, 768}, new int[] {3, 3, 9, 3}, 0.1);
    }

    static Plan small() {
      return new Plan(new int[] {96, 192, 384, 768}, new int[] {3, 3, 27, 3}, 0.4);
    }

    static Plan base() {
      return new Plan(new int[] {128, 256, 512, 1024}, new int[] {3, 3, 27, 3}, 0.5);
    }
  }

  ConvNeXt(Plan plan, Architecture.Options options) {
    int[] widths = plan.widths;
    width = widths[widths.length - 1];
    int count = Arrays.stream(plan.blocks).sum();
    int number = 0;
    List<Layer> layers = new ArrayList<>();
    for (int stage = 0; stage < widths.length; stage++) {
      int w = widths[stage];
      layers.add(
          stage == 0
              ? new Sequential(convolution(3, w, 4), new LayerNorm2d(w, EPS))
              : new Sequential(
                  new LayerNorm2d(widths[stage - 1], EPS), convolution(widths[stage - 1], w, 2)));
      Layer[] blocks = new Layer[plan.blocks[stage]];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = new Block(w, StochasticDepth.of(plan.depth, number++, count));
      }
      layers.add(new Sequential(blocks));
    }
    features = child("features", new Sequential(layers.toArray(Layer[]::new)));
    avgpool = child("avgpool", Pool.adaptiveAverage(1, 1));
    int classes = options.classes(1000);
    classifier =
        classes == 0
            ? null
            : child(
                "classifier",
                new Sequential(new LayerNorm2d(width, EPS), new Flatten(), linear(width, classes)));
  }

  /**
   * y = x + layer_scale·(W₂·gelu(W₁·LN(depthwise 7×7 x))): [N,C,H,W] → [N,C,H,W], with 4C numbers
   * between W₁ and W₂. The matrices see positions as rows, so the axes turn to channels-last behind
   * the convolution and back behind W₂.
   */
  private static final class Block extends Layer {
    private final Parameter layerScale;
    private final Layer block;
    private final Layer stochasticDepth;

    Block(int width, StochasticDepth depth) {
      layerScale = parameter("layer_scale", Shape.of(width, 1, 1), Initializer.constant(1e-6));
      Conv2d.Options depthwise = Conv2d.Options.kernel(7).window(1, 3).groups(width);
      block =
          child(
              "block",
              new Sequential(
                  started(new Conv2d(width, width, depthwise)),
                  new Permute(0, 2, 3, 1),
                  new LayerNorm(EPS, width),
                  linear(width, 4 * width),
                  Activation.gelu(),
                  linear(4 * width, width),
                  new Permute(0, 3, 1, 2)));
      stochasticDepth = child("stochastic_depth", depth);
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = block.apply(x).mul(layerScale.tensor());
      return stochasticDepth.apply(y).add(x);
    }
  }

  /** Cuts the picture into squares of {@code side}, each of which becomes one position. */
  private static Conv2d convolution(int in, int out, int side) {
    return started(new Conv2d(in, out, Conv2d.Options.kernel(side).window(side, 0)));
  }

  /** Torchvision cuts the normal distribution at ±2, a hundred deviations. */
  private static Conv2d started(Conv2d conv) {
    conv.weight().startWith(Initializer.normal(0, 0.02));
    conv.bias().startWith(Initializer.constant(0));
    return conv;
  }

  private static Linear linear(int in, int out) {
    return new Linear(in, out).startWith(Initializer.normal(0, 0.02), Initializer.constant(0));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public Tensor features(Tensor pictures) {
    return pooled(pictures).flatten(1);
  }

  private Tensor pooled(Tensor pictures) {
    return avgpool.apply(features.apply(pictures));
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    return classifier == null ? features(pictures) : classifier.apply(pooled(pictures));
  }
}
