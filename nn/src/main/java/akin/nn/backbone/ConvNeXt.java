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
import akin.nn.StateDict;
import akin.nn.StochasticDepth;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
 * norm reads; of CLIP's networks, whose classifier is a projection, what it gives.
 *
 * <p>Source: Liu et al., "A ConvNet for the 2020s", CVPR 2022; names as in torchvision.
 */
public final class ConvNeXt extends Backbone {
  private static final int NORMED = 2; // layers of the classifier up to the feature behind its norm

  private final Plan plan;
  private final boolean project;
  private final Sequential features;
  private final Layer avgpool;
  private final Sequential classifier;
  private final int width;

  /**
   * Sizes, and what stands behind them.
   *
   * @param widths channels of each stage
   * @param blocks of each stage
   * @param depth probability of losing the last block in training; earlier ones in proportion
   * @param eps of the layer norms
   * @param head what follows the mean over all positions
   */
  public record Plan(
      List<Integer> widths, List<Integer> blocks, double depth, double eps, Head head) {
    /** Copies the lists. */
    public Plan {
      widths = List.copyOf(widths);
      blocks = List.copyOf(blocks);
    }

    /** A network of this size that tells the classes of ImageNet apart. */
    static Plan of(List<Integer> widths, List<Integer> blocks, double depth) {
      return new Plan(widths, blocks, depth, 1e-6, Head.classifier(1000));
    }

    /** With another head. */
    public Plan head(Head other) {
      return new Plan(widths, blocks, depth, eps, other);
    }

    /** With another addend in the layer norms. */
    public Plan eps(double other) {
      return new Plan(widths, blocks, depth, other, head);
    }
  }

  /**
   * What follows the mean over all positions: a layer norm, then a matrix or an mlp.
   *
   * @param projection whether it projects a feature that the layer norm gives (CLIP), without a
   *     bias; else the feature is what the layer norm reads (torchvision), and a matrix with a bias
   *     tells classes apart
   * @param outputs as published
   * @param hidden numbers inside an mlp; 0 for a matrix
   */
  public record Head(boolean projection, int outputs, int hidden) {
    /** Tells so many classes apart. */
    public static Head classifier(int classes) {
      return new Head(false, classes, 0);
    }

    /** Projects to so many numbers. */
    public static Head projection(int outputs, int hidden) {
      return new Head(true, outputs, hidden);
    }

    private List<Layer> layers(int width, int outputs) {
      if (hidden == 0) {
        return List.of(linear(width, outputs, !projection));
      }
      return List.of(
          linear(width, hidden, true), Activation.gelu(), linear(hidden, outputs, !projection));
    }
  }

  ConvNeXt(Plan plan, Architecture.Options options) {
    this(plan, options.classes(-1), options.project());
  }

  /**
   * A network of any size.
   *
   * @param classes outputs of the head; 0 leaves it away, −1 takes as many as the plan says
   * @param project whether the feature is projected
   */
  public ConvNeXt(Plan plan, int classes, boolean project) {
    this.plan = plan;
    this.project = project;
    List<Integer> widths = plan.widths;
    width = widths.get(widths.size() - 1);
    int count = plan.blocks.stream().mapToInt(i -> i).sum();
    int number = 0;
    List<Layer> layers = new ArrayList<>();
    for (int stage = 0; stage < widths.size(); stage++) {
      int w = widths.get(stage);
      if (stage == 0) {
        layers.add(new Sequential(convolution(3, w, 4), new LayerNorm2d(w, plan.eps)));
      } else {
        int before = widths.get(stage - 1);
        layers.add(new Sequential(new LayerNorm2d(before, plan.eps), convolution(before, w, 2)));
      }
      Layer[] blocks = new Layer[plan.blocks.get(stage)];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = new Block(w, plan.eps, StochasticDepth.of(plan.depth, number++, count));
      }
      layers.add(new Sequential(blocks));
    }
    features = child("features", new Sequential(layers.toArray(Layer[]::new)));
    avgpool = child("avgpool", Pool.adaptiveAverage(1, 1));
    int outputs = classes < 0 || project ? plan.head.outputs : classes;
    boolean normed = plan.head.projection || outputs > 0;
    classifier = normed ? child("classifier", classifier(outputs)) : null;
  }

  private Sequential classifier(int outputs) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new LayerNorm2d(width, plan.eps));
    layers.add(new Flatten());
    if (outputs > 0) {
      layers.addAll(plan.head.layers(width, outputs));
    }
    return new Sequential(layers.toArray(Layer[]::new));
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

    Block(int width, double eps, StochasticDepth depth) {
      layerScale = parameter("layer_scale", Shape.of(width, 1, 1), Initializer.constant(1e-6));
      Conv2d.Options depthwise = Conv2d.Options.kernel(7).window(1, 3).groups(width);
      block =
          child(
              "block",
              new Sequential(
                  started(new Conv2d(width, width, depthwise)),
                  new Permute(0, 2, 3, 1),
                  new LayerNorm(eps, width),
                  linear(width, 4 * width, true),
                  Activation.gelu(),
                  linear(4 * width, width, true),
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

  private static Linear linear(int in, int out, boolean biased) {
    return new Linear(in, out, biased)
        .startWith(Initializer.normal(0, 0.02), Initializer.constant(0));
  }

  @Override
  public int width() {
    return project ? plan.head.outputs : width;
  }

  @Override
  public Tensor features(Tensor pictures) {
    Tensor mean = pooled(pictures);
    if (!plan.head.projection) {
      return mean.flatten(1);
    }
    return project ? classifier.apply(mean) : run(mean, 0, NORMED);
  }

  private Tensor pooled(Tensor pictures) {
    return avgpool.apply(features.apply(pictures));
  }

  private Tensor run(Tensor x, int from, int to) {
    Tensor y = x;
    for (Layer layer : classifier.layers().subList(from, to)) {
      y = layer.apply(y);
    }
    return y;
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    return classifier == null ? features(pictures) : classifier.apply(pooled(pictures));
  }

  /**
   * Reads the names of timm, open_clip, transformers and the authors; what belongs to other parts
   * of a larger model, such as CLIP's text tower, is left out.
   */
  @Override
  public StateDict adapt(StateDict weights, Consumer<String> report) {
    Map<String, Shape> wanted = StateDict.shapes(this);
    Renaming renaming =
        new Renaming(
            NameMaps.CONVNEXT,
            name -> name,
            (name, value) ->
                plan.head.projection
                    && name.matches("classifier\\.\\d\\.bias")
                    && Renaming.isZero(value));
    return renaming.shaped(renaming.apply(weights, wanted, report), wanted);
  }
}
