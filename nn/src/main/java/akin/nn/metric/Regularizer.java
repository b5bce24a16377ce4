package akin.nn.metric;

import akin.tensor.Tensor;

/** What embeddings or class vectors are asked for besides the loss, such as short norms. */
@FunctionalInterface
public interface Regularizer {
  /** [N, D] → [], at least 0. */
  Tensor of(Tensor vectors);
}
