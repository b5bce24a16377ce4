package akin.nn.head;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Sequential;
import akin.nn.metric.CrossEntropyLoss;
import akin.nn.metric.LossValue;
import akin.nn.metric.Reduction;
import akin.tensor.Tensor;

/**
 * Tells classes apart beside a ranking loss, in training alone: x [N,F] → logits [N,C],
 *
 * <pre>
 * BatchNorm(F) · Linear(F, C)                                     hidden = 0, the paper
 * Linear(F, hidden) · swish · BatchNorm(hidden) · Linear(hidden, C)     the CGD image retrieval project
 * </pre>
 *
 * <p>and l = cross-entropy(logits/T) with smoothed labels. T &lt; 1 sharpens: mistakes cost more.
 *
 * <p>Source: Jun et al., "Combination of multiple global descriptors for image retrieval", 2019.
 */
public final class AuxiliaryClassifier extends Layer {
  private static final int NONE = -1;

  private final Options options;
  private final Layer layers;

  /**
   * How it judges.
   *
   * @param hidden width of a layer between; 0 for none
   * @param temperature T
   * @param smoothing of the labels
   */
  public record Options(int hidden, double temperature, double smoothing) {
    /** No hidden layer, T = 0.5, smoothing 0.1: the paper's. */
    public static Options usual() {
      return new Options(0, 0.5, 0.1);
    }
  }

  /** From F numbers to C classes. */
  public AuxiliaryClassifier(int width, int classes, Options options) {
    this.options = options;
    int hidden = options.hidden;
    layers =
        child(
            "layers",
            hidden == 0
                ? new Sequential(new BatchNorm(width), new Linear(width, classes))
                : new Sequential(
                    new Linear(width, hidden),
                    Activation.silu(),
                    new BatchNorm(hidden),
                    new Linear(hidden, classes)));
  }

  /** [N,F] → logits [N,C]. */
  @Override
  protected Tensor forward(Tensor x) {
    return layers.apply(x);
  }

  /**
   * The mean loss.
   *
   * @param x [N,F]
   * @param labels N classes; rows of −1 are left out
   */
  public LossValue loss(Tensor x, int[] labels) {
    return new CrossEntropyLoss(options.smoothing, null, NONE, Reduction.MEAN)
        .of(apply(x).div(options.temperature), labels);
  }
}
