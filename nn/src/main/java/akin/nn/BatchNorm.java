package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Batch normalisation of each channel of [N, C] or [N, C, H, W]: y = γ·(x − μ)/√(σ² + eps) + β. In
 * training μ, σ² are the batch's, and the running statistics move towards them by {@code momentum}
 * (the variance unbiased); in evaluation μ, σ² are the running ones.
 *
 * <p>{@code weight} γ begins at 1, {@code bias} β at 0, {@code running_mean} at 0, {@code
 * running_var} at 1; {@code num_batches_tracked} counts training passes.
 *
 * <p>Batches that are {@linkplain Layer#applyEach joined} are normalised by themselves.
 *
 * <p>Held statistics are for fine-tuning: in training, too, the layer then normalises by its
 * running statistics and leaves them as they are, while γ and β still learn. A layer whose γ and β
 * are both frozen holds its statistics without being told, since a frozen layer does not change.
 *
 * <p>Source: Ioffe, Szegedy, "Batch normalization", ICML 2015.
 */
public final class BatchNorm extends Layer {
  private final double eps;
  private final double momentum;
  private final Parameter weight;
  private final Parameter bias;
  private final Parameter runningMean;
  private final Parameter runningVar;
  private final Counter batches;
  private boolean held;

  /** PyTorch's defaults: eps 1e-5, momentum 0.1. */
  public BatchNorm(int channels) {
    this(channels, 1e-5, 0.1);
  }

  /**
   * @param eps added to the variance
   * @param momentum share of the batch in the running statistics
   */
  public BatchNorm(int channels, double eps, double momentum) {
    this.eps = eps;
    this.momentum = momentum;
    Shape shape = Shape.of(channels);
    weight = parameter("weight", shape, Initializer.constant(1));
    bias = parameter("bias", shape, Initializer.constant(0));
    runningMean = buffer("running_mean", shape, 0);
    runningVar = buffer("running_var", shape, 1);
    batches = counter("num_batches_tracked");
  }

  /** γ [C]. */
  public Parameter weight() {
    return weight;
  }

  /** β [C]. */
  public Parameter bias() {
    return bias;
  }

  /** Training passes so far. */
  public long batches() {
    return batches.value();
  }

  /** Has every batch norm of a network hold its running statistics in training, or not. */
  public static void holdStatistics(Layer network, boolean held) {
    network.walk(
        (path, layer) -> {
          if (layer instanceof BatchNorm norm) {
            norm.held = held;
          }
        });
  }

  /** Whether any batch norm of a network in training takes the statistics of its batch. */
  public static boolean couplesRows(Layer network) {
    boolean[] any = {false};
    network.walk(
        (path, layer) -> any[0] |= layer instanceof BatchNorm norm && norm.takesBatchStatistics());
    return any[0];
  }

  private boolean takesBatchStatistics() {
    boolean learns = weight.tensor().requiresGradient() || bias.tensor().requiresGradient();
    return training() && learns && !held;
  }

  /**
   * f(this(x)). While it trains unobserved, and f is ReLU or ReLU6, that is one operator, which
   * keeps one tensor less and walks through memory fewer times; values and gradients are the same.
   * In evaluation it is two, which a plan folds into the convolution before.
   */
  public Tensor apply(Tensor x, Activation f) {
    return joins(f) ? named(() -> normalise(x, f.joined)) : f.apply(apply(x));
  }

  /** Whether f(this(x)) is one operator now. */
  boolean joins(Activation f) {
    return f.joined != null && takesBatchStatistics() && !observed();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return normalise(x, akin.tensor.backend.Activation.IDENTITY);
  }

  private Tensor normalise(Tensor x, akin.tensor.backend.Activation act) {
    boolean batchStatistics = takesBatchStatistics();
    Tensor y =
        x.batchNorm(
            weight.tensor(),
            bias.tensor(),
            runningMean.tensor(),
            runningVar.tensor(),
            new akin.tensor.op.BatchNorm(batchStatistics, momentum, eps, joined(), act));
    for (int i = 0; batchStatistics && i < joined(); i++) {
      batches.increment();
    }
    return y;
  }
}
