package akin.nn.metric;

import akin.tensor.Tensor;

/** What becomes of the losses of single samples. */
public enum Reduction {
  /** Their mean. */
  MEAN,
  /** Their sum. */
  SUM,
  /** Themselves. */
  NONE;

  Tensor of(Tensor losses) {
    switch (this) {
      case MEAN:
        return losses.mean();
      case SUM:
        return losses.sum();
      default:
        return losses;
    }
  }
}
