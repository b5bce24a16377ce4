package akin.nn.metric.reduce;

import akin.nn.metric.Norm;
import akin.nn.metric.Regularizer;
import akin.tensor.Tensor;

/**
 * The mean of ‖x‖_p^q: asks for short vectors. For p = 2, q = 1: ∂/∂x = x/(N‖x‖).
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
 *
 * @param p norm, ≥ 1; 2 is usual
 * @param power q; 1 is usual
 */
public record LpRegularizer(double p, double power) implements Regularizer {
  @Override
  public Tensor of(Tensor vectors) {
    Tensor sum = (p == 2 ? vectors.square() : vectors.abs().pow(p)).sum(false, 1);
    return Norm.root(sum, p, power).mean();
  }
}
