package akin.nn.backbone;

import akin.nn.Activation;
import akin.nn.Conv2d;
import akin.nn.Flatten;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.nn.Pool;
import akin.nn.Sequential;
import akin.tensor.Tape;
import akin.tensor.Tensor;

/**
 * The digit network of the CTU retrieval lab: [N,1,28,28] → 10 logits.
 *
 * <pre>
 *  0 Conv2d(1→32, 3×3)    [32,26,26]     6 Conv2d(32→64, 3×3)        [64,3,3]
 *  1 ReLU                                7 ReLU
 *  2 MaxPool(2)           [32,13,13]     8 AdaptiveAvgPool(2×2)      [64,2,2]
 *  3 Conv2d(32→32, 3×3)   [32,11,11]     9 Flatten                   [256]
 *  4 ReLU                               10 Linear(256→10)            [10]
 *  5 MaxPool(2)           [32,5,5]
 * </pre>
 *
 * <p>30,634 parameters; names and defaults are those of PyTorch's Sequential.
 */
public final class LabConvNet extends Sequential {
  /** Numbers in a feature. */
  public static final int FEATURES = 256;

  private static final int LAST = 10;

  /** The network, not yet initialised. */
  public LabConvNet() {
    super(
        new Conv2d(1, 32, 3),
        Activation.relu(),
        Pool.max(2, 2, 0),
        new Conv2d(32, 32, 3),
        Activation.relu(),
        Pool.max(2, 2, 0),
        new Conv2d(32, 64, 3),
        Activation.relu(),
        Pool.adaptiveAverage(2, 2),
        new Flatten(),
        new Linear(FEATURES, 10));
  }

  /**
   * The L2-normalised input of the last layer: [N,1,28,28] → [N,256]. All coordinates are ≥ 0, so
   * cosines lie in [0, 1] and squared distances in [0, 2].
   */
  public Tensor features(Tensor pictures) {
    return Tape.named("features", () -> unscaled(pictures).normalize(1, Normalize.EPS));
  }

  /** The features before their length is made 1. */
  public Tensor unscaled(Tensor pictures) {
    return run(pictures, LAST);
  }
}
