package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Conv2d;
import akin.nn.Dropout;
import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.tensor.Tensor;
import akin.tensor.backend.PoolShape;
import akin.tensor.op.Pool2d;

/**
 * SqueezeNet 1.0 and 1.1: [N,3,H,W] → features [N,512] → logits. No batch norm, no linear layer: a
 * 1×1 convolution tells the classes at every position, and the logits are the mean over all.
 *
 * <pre>
 *                1.0                               1.1
 * features.0     7×7, stride 2  [ 96, H/2,  W/2 ]  3×3, stride 2  [ 64, H/2,  W/2 ]
 * features.1     ReLU                              ReLU
 * features.2     maxpool        [ 96, H/4,  W/4 ]  maxpool        [ 64, H/4,  W/4 ]
 * features.3     fire           [128, H/4,  W/4 ]  fire           [128, H/4,  W/4 ]
 * features.4     fire           [128, H/4,  W/4 ]  fire           [128, H/4,  W/4 ]
 * features.5     fire           [256, H/4,  W/4 ]  maxpool        [128, H/8,  W/8 ]
 * features.6     maxpool        [256, H/8,  W/8 ]  fire           [256, H/8,  W/8 ]
 * features.7     fire           [256, H/8,  W/8 ]  fire           [256, H/8,  W/8 ]
 * features.8     fire           [384, H/8,  W/8 ]  maxpool        [256, H/16, W/16]
 * features.9     fire           [384, H/8,  W/8 ]  fire           [384, H/16, W/16]
 * features.10    fire           [512, H/8,  W/8 ]  fire           [384, H/16, W/16]
 * features.11    maxpool        [512, H/16, W/16]  fire           [512, H/16, W/16]
 * features.12    fire           [512, H/16, W/16]  fire           [512, H/16, W/16]
 * mean over all positions       [F = 512]
 * classifier     dropout 0.5, 1×1 of features, ReLU, mean         [classes]
 * </pre>
 *
 * The first convolution is not padded, and maxima of 3×3 with stride 2 round up, so that sizes are
 * about, not exactly, those above.
 *
 * <p>Source: Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters", 2016;
 * names and first values as in torchvision.
 */
public final class SqueezeNet extends Backbone {
  private static final int WIDTH = 512;

  /** The two published forms. */
  enum Version {
    V1_0 {
      @Override
      Layer[] layers() {
        return new Layer[] {
          begun(new Conv2d(3, 96, Conv2d.Options.kernel(7).window(2, 0))),
          Activation.relu(),
          maximum(),
          new Fire(96, 16, 64),
          new Fire(128, 16, 64),
          new Fire(128, 32, 128),
          maximum(),
          new Fire(256, 32, 128),
          new Fire(256, 48, 192),
          new Fire(384, 48, 192),
          new Fire(384, 64, 256),
          maximum(),
          new Fire(512, 64, 256)
        };
      }
    },
    V1_1 {
      @Override
      Layer[] layers() {
        return new Layer[] {
          begun(new Conv2d(3, 64, Conv2d.Options.kernel(3).window(2, 0))),
          Activation.relu(),
          maximum(),
          new Fire(64, 16, 64),
          new Fire(128, 16, 64),
          maximum(),
          new Fire(128, 32, 128),
          new Fire(256, 32, 128),
          maximum(),
          new Fire(256, 48, 192),
          new Fire(384, 48, 192),
          new Fire(384, 64, 256),
          new Fire(512, 64, 256)
        };
      }
    };

    abstract Layer[] layers();
  }

  private final Layer features;
  private final Layer classifier;

  SqueezeNet(Version version, Architecture.Options options) {
    features = child("features", new Sequential(version.layers()));
    int classes = options.classes(1000);
    classifier =
        classes == 0
            ? null
            : child(
                "classifier",
                new Sequential(
                    new Dropout(0.5),
                    new Conv2d(WIDTH, classes, 1)
                        .startWith(Initializer.normal(0, 0.01), Initializer.constant(0)),
                    Activation.relu(),
                    Pool.adaptiveAverage(1, 1)));
  }

  private static Pool maximum() {
    return Pool.of(Pool2d.square(PoolShape.Kind.MAX, 3, 2, 0).roundedUp());
  }

  /** Uniform for a ReLU behind it, by the inputs of an output. */
  private static Conv2d begun(Conv2d conv) {
    long fan = conv.weight().shape().product(1, 4);
    return conv.startWith(Initializer.kaimingUniform(fan, 0), Initializer.constant(0));
  }

  @Override
  public int width() {
    return WIDTH;
  }

  @Override
  public Tensor features(Tensor pictures) {
    return features.apply(pictures).mean(false, 2, 3);
  }

  @Override
  protected Tensor forward(Tensor pictures) {
    return classifier == null
        ? features(pictures)
        : classifier.apply(features.apply(pictures)).flatten(1);
  }

  /**
   * 1×1 to few channels, then 1×1 and 3×3 side by side, each to {@code expanded} channels; ReLU
   * behind all three. [N,in,H,W] → [N,2·expanded,H,W].
   */
  private static final class Fire extends Layer {
    private final Layer squeeze;
    private final Layer squeezeActivation;
    private final Layer expand1x1;
    private final Layer expand1x1Activation;
    private final Layer expand3x3;
    private final Layer expand3x3Activation;

    Fire(int in, int squeezed, int expanded) {
      Conv2d.Options wide = Conv2d.Options.kernel(3).window(1, 1);
      squeeze = child("squeeze", begun(new Conv2d(in, squeezed, 1)));
      squeezeActivation = child("squeeze_activation", Activation.relu());
      expand1x1 = child("expand1x1", begun(new Conv2d(squeezed, expanded, 1)));
      expand1x1Activation = child("expand1x1_activation", Activation.relu());
      expand3x3 = child("expand3x3", begun(new Conv2d(squeezed, expanded, wide)));
      expand3x3Activation = child("expand3x3_activation", Activation.relu());
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor s = squeezeActivation.apply(squeeze.apply(x));
      return Tensor.concat(
          1,
          expand1x1Activation.apply(expand1x1.apply(s)),
          expand3x3Activation.apply(expand3x3.apply(s)));
    }
  }
}
