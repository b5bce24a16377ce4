package akin.nn.metric.rank;

import akin.tensor.Tensor;

/** Ranks with a sigmoid in place of a step. */
final class Ranks {
  private Ranks() {}

  /** Σ_j σ(d_i − d_j): how many of {@code others} [A, M] are nearer than each of d [A, P]. */
  static Tensor nearer(Tensor d, Tensor others) {
    int a = d.dim(0);
    return d.reshape(a, -1, 1).sub(others.reshape(a, 1, -1)).sigmoid().sum(false, 2);
  }
}
