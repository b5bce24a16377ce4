package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Conv2d;
import akin.nn.Dropout;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * VGG-11 with batch norm: [N,3,H,W] → features [N,F] → logits.
 *
 * <pre>
 * features    3×3 convolution, norm, ReLU      [ 64, H,    W   ]
 *             maxpool 2×2, then the same       [128, H/2,  W/2 ]
 *             maxpool, twice                   [256, H/4,  W/4 ]
 *             maxpool, twice                   [512, H/8,  W/8 ]
 *             maxpool, twice                   [512, H/16, W/16]
 *             maxpool                          [512, H/32, W/32]
 * avgpool     means of 7×7 windows             [512, 7, 7]
 * flatten                                      [F = 25088]
 * classifier  linear, ReLU, dropout 0.5        [4096]
 *             linear, ReLU, dropout 0.5        [4096]
 *             linear                           [classes]
 * </pre>
 *
 * Nine tenths of its 133 million parameters stand in the classifier, which {@code classes=0} leaves
 * away.
 *
 * <p>Source: Simonyan, Zisserman, "Very deep convolutional networks for large-scale image
 * recognition", ICLR 2015, network A; names and first values as in torchvision.
 */
public final class Vgg extends Backbone {
  /** Channels of each convolution; 0 is a maximum. */
  private static final int[] LAYERS = {64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0};

  private static final int SIDE = 7;
  private static final int HIDDEN = 4096;

  private final Layer features;
  private final Layer avgpool;
  private final Layer classifier;
  private final int width;

  Vgg(Architecture.Options options) {
    List<Layer> layers = new ArrayList<>();
    int in = 3;
    for (int out : LAYERS) {
      if (out == 0) {
        layers.add(Pool.max(2, 2, 0));
      } else {
        layers.add(convolution(in, out));
        layers.add(new BatchNorm(out));
        layers.add(Activation.relu());
        in = out;
      }
    }
    width = in * SIDE * SIDE;
    features = child("features", new Sequential(layers.toArray(Layer[]::new)));
    avgpool = child("avgpool", Pool.adaptiveAverage(SIDE, SIDE));
    int classes = options.classes(1000);
    classifier =
        classes == 0
            ? null
            : child(
                "classifier",
                new Sequential(
                    linear(width, HIDDEN),
                    Activation.relu(),
                    new Dropout(0.5),
                    linear(HIDDEN, HIDDEN),
                    Activation.relu(),
                    new Dropout(0.5),
                    linear(HIDDEN, classes)));
  }

  private static Conv2d convolution(int in, int out) {
    return new Conv2d(in, out, Conv2d.Options.kernel(3).window(1, 1))
        .startWith(Initializer.kaimingNormal(out * 9L), Initializer.constant(0));
  }

  private static Linear linear(int in, int out) {
    return new Linear(in, out).startWith(Initializer.normal(0, 0.01), Initializer.constant(0));
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public Tensor features(Tensor pictures) {
    return avgpool.apply(features.apply(pictures)).flatten(1);
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    Tensor x = features(pictures);
    return classifier == null ? x : classifier.apply(x);
  }
}
