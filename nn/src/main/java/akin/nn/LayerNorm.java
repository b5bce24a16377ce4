package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Normalises the last axes of each sample, shaped as {@code weight}: y = γ·(x − μ)/√(σ² + eps) + β,
 * biased variance. γ begins at 1, β at 0.
 *
 * <p>Source: Ba, Kiros, Hinton, "Layer normalization", 2016.
 */
public final class LayerNorm extends Layer {
  private final double eps;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * @param eps added to the variance; PyTorch's default is 1e-5
   * @param shape the axes to normalise over
   */
  public LayerNorm(double eps, long... shape) {
    this.eps = eps;
    weight = parameter("weight", Shape.of(shape), Initializer.constant(1));
    bias = parameter("bias", Shape.of(shape), Initializer.constant(0));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.layerNorm(weight.tensor(), bias.tensor(), eps);
  }
}
