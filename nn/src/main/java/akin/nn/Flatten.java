package akin.nn;

import akin.tensor.Tensor;

/** Joins all axes but the first: [N, …] → [N, product]. No copy. */
public final class Flatten extends Layer {
  @Override
  protected Tensor forward(Tensor x) {
    return x.flatten(1);
  }
}
