package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Normalises the channels at each position of [N,C,H,W]: y = γ·(x − μ)/√(σ² + eps) + β, with μ and
 * σ² over C, biased. {@code weight} γ [C] begins at 1, {@code bias} β [C] at 0.
 *
 * <p>Source: Ba, Kiros, Hinton, "Layer normalization", 2016; Liu et al., "A ConvNet for the 2020s",
 * CVPR 2022.
 */
public final class LayerNorm2d extends Layer {
  private final double eps;
  private final Parameter weight;
  private final Parameter bias;

  /**
   * @param eps added to the variance
   */
  public LayerNorm2d(int channels, double eps) {
    this.eps = eps;
    weight = parameter("weight", Shape.of(channels), Initializer.constant(1));
    bias = parameter("bias", Shape.of(channels), Initializer.constant(0));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.permute(0, 2, 3, 1).layerNorm(weight.tensor(), bias.tensor(), eps).permute(0, 3, 1, 2);
  }
}
