package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Dropout;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * MobileNetV3, small and large: [N,3,H,W] → features [N,F] → logits.
 *
 * <pre>
 *                                                small             large
 * features.0   3×3, stride 2, norm, hardswish    [ 16, H/2,  W/2 ]  [ 16, H/2,  W/2 ]
 * features.1…  inverted residuals                [ 16, H/4,  W/4 ]  [ 16, H/2,  W/2 ]
 *              (tables below)                    [ 24, H/8,  W/8 ]  [ 24, H/4,  W/4 ]
 *                                                [ 40, H/16, W/16]  [ 40, H/8,  W/8 ]
 *                                                [ 48, H/16, W/16]  [ 80, H/16, W/16]
 *                                                [ 96, H/32, W/32]  [112, H/16, W/16]
 *                                                                   [160, H/32, W/32]
 * last         1×1, norm, hardswish              [576, H/32, W/32]  [960, H/32, W/32]
 * avgpool      mean over all positions           [F = 576]          [F = 960]
 * classifier   linear, hardswish, dropout        [1024]             [1280]
 *              linear                            [classes]          [classes]
 * </pre>
 *
 * The dropout is 0.2; batch norms have eps 1e-3 and momentum 0.01.
 *
 * <p>Source: Howard et al., "Searching for MobileNetV3", ICCV 2019, tables 1 and 2; names and first
 * values as in torchvision.
 */
public final class MobileNetV3 extends Backbone implements FeatureMaps {
  private static final ConvNorm.Norm NORM = new ConvNorm.Norm(1e-3, 0.01);
  private static final MBConv.Style STYLE =
      new MBConv.Style(Activation::relu, Activation::hardsigmoid, NORM);

  static final Plan SMALL =
      new Plan(
          1024,
          new Row(3, 16, 16, true, false, 2),
          new Row(3, 72, 24, false, false, 2),
          new Row(3, 88, 24, false, false, 1),
          new Row(5, 96, 40, true, true, 2),
          new Row(5, 240, 40, true, true, 1),
          new Row(5, 240, 40, true, true, 1),
          new Row(5, 120, 48, true, true, 1),
          new Row(5, 144, 48, true, true, 1),
          new Row(5, 288, 96, true, true, 2),
          new Row(5, 576, 96, true, true, 1),
          new Row(5, 576, 96, true, true, 1));

  static final Plan LARGE =
      new Plan(
          1280,
          new Row(3, 16, 16, false, false, 1),
          new Row(3, 64, 24, false, false, 2),
          new Row(3, 72, 24, false, false, 1),
          new Row(5, 72, 40, true, false, 2),
          new Row(5, 120, 40, true, false, 1),
          new Row(5, 120, 40, true, false, 1),
          new Row(3, 240, 80, false, true, 2),
          new Row(3, 200, 80, false, true, 1),
          new Row(3, 184, 80, false, true, 1),
          new Row(3, 184, 80, false, true, 1),
          new Row(3, 480, 112, true, true, 1),
          new Row(3, 672, 112, true, true, 1),
          new Row(5, 672, 160, true, true, 2),
          new Row(5, 960, 160, true, true, 1),
          new Row(5, 960, 160, true, true, 1));

  private final Layer features;
  private final Layer avgpool;
  private final Layer classifier;
  private final int width;

  /**
   * A block, a row of the paper's tables.
   *
   * @param expanded channels of the depthwise convolution
   * @param squeeze whether with squeeze and excitation
   * @param hard whether the activation is hardswish, not ReLU
   */
  record Row(int kernel, int expanded, int out, boolean squeeze, boolean hard, int stride) {}

  /**
   * A network.
   *
   * @param hidden numbers inside the classifier
   */
  record Plan(int hidden, Row... rows) {}

  MobileNetV3(Plan plan, Architecture.Options options) {
    List<Layer> layers = new ArrayList<>();
    int in = 16;
    layers.add(new ConvNorm(3, in, hardswish(3).stride(2)));
    for (Row row : plan.rows) {
      int squeezed = row.squeeze ? MobileNetV2.roundToEights(row.expanded / 4) : 0;
      Supplier<Activation> f = row.hard ? Activation::hardswish : Activation::relu;
      layers.add(
          new MBConv(
              new MBConv.Plan(in, row.kernel, row.expanded, row.out, squeezed, row.stride),
              f,
              STYLE,
              null));
      in = row.out;
    }
    width = 6 * in;
    layers.add(new ConvNorm(in, width, hardswish(1)));
    features = child("features", new Sequential(layers.toArray(Layer[]::new)));
    avgpool = child("avgpool", Pool.adaptiveAverage(1, 1));
    int classes = options.classes(1000);
    classifier =
        classes == 0
            ? null
            : child(
                "classifier",
                new Sequential(
                    linear(width, plan.hidden),
                    Activation.hardswish(),
                    new Dropout(0.2),
                    linear(plan.hidden, classes)));
  }

  private static ConvNorm.Options hardswish(int kernel) {
    return ConvNorm.Options.kernel(kernel).norm(NORM).then(Activation.hardswish());
  }

  private static Linear linear(int in, int out) {
    return new Linear(in, out).startWith(Initializer.normal(0, 0.01), Initializer.constant(0));
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
