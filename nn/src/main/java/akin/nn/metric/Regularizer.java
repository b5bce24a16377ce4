package akin.nn.metric;

import akin.tensor.Tensor;

/** What embeddings or class vectors are asked for besides the loss, such as short norms. */
@FunctionalInterface
public interface Regularizer {
  /** [N, D] → [], the smaller the better. */
  Tensor of(Tensor vectors);
}
