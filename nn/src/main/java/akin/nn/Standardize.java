package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Shifts and scales each column of [N, C] by fixed figures, such as the mean and the deviation of
 * the training features: y = (x − mean)·scale. The buffers {@code mean} (0 at first) and {@code
 * scale} (1) are saved with the network.
 */
public final class Standardize extends Layer {
  private final Parameter mean;
  private final Parameter scale;

  /** For C columns. */
  public Standardize(int columns) {
    mean = buffer("mean", Shape.of(columns), 0);
    scale = buffer("scale", Shape.of(columns), 1);
  }

  /**
   * Sets the figures.
   *
   * @param means mean of each column
   * @param deviations deviation of each column
   * @param eps added to the deviations, so that a constant column stays finite
   */
  public void set(double[] means, double[] deviations, double eps) {
    double[] scales = new double[deviations.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 1 / (deviations[i] + eps);
    }
    mean.tensor().assign(means);
    scale.tensor().assign(scales);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.sub(mean.tensor()).mul(scale.tensor());
  }
}
