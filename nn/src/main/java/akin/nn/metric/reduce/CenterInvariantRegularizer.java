package akin.nn.metric.reduce;

import akin.nn.metric.Regularizer;
import akin.tensor.Tensor;

/**
 * The mean of ¼(‖x‖² − q)², q the mean of all ‖x‖²: asks class vectors to be equally long, so that
 * frequent classes do not outgrow rare ones. ∂/∂x = (‖x‖² − q)x/N.
 *
 * <p>Source: Wu et al., "Deep face recognition with center invariant loss", ACM Multimedia
 * Workshops 2017.
 */
public record CenterInvariantRegularizer() implements Regularizer {
  @Override
  public Tensor of(Tensor vectors) {
    Tensor squares = vectors.square().sum(false, 1);
    return squares.sub(squares.mean()).square().mean().div(4);
  }
}
