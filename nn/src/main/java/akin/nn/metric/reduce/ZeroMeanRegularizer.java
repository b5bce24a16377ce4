package akin.nn.metric.reduce;

import akin.nn.metric.Regularizer;
import akin.tensor.Tensor;

/**
 * The mean of |Σ_d x_d|: asks that the coordinates of a vector sum to 0. ∂/∂x_d = sign(Σx)/N, 0
 * where the sum is 0.
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
 */
public record ZeroMeanRegularizer() implements Regularizer {
  @Override
  public Tensor of(Tensor vectors) {
    return vectors.sum(false, 1).abs().mean();
  }
}
