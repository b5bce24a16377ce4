package akin.nn.metric;

import akin.tensor.Tensor;

/**
 * A loss, and how much of the batch it is made of.
 *
 * @param value the loss; shape [] unless it is not reduced
 * @param used anchors, rows or queries that entered it
 * @param skipped those that could not, such as anchors without a positive; if none is used the
 *     value is 0 and so is its gradient
 */
public record LossValue(Tensor value, int used, int skipped) {
  /** 0 with gradient 0, for a batch of which nothing can be used. */
  static LossValue nothing(Tensor of, int skipped) {
    return new LossValue(of.sum().mul(0), 0, skipped);
  }
}
