package akin.nn.metric.reduce;

import akin.nn.metric.Batch;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * The mean over a batch's N anchors of the mean of their losses; an anchor without any counts as 0.
 * So an anchor with many pairs weighs no more than one with few. Losses that are no anchor's own
 * have their plain mean.
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
 */
public record PerAnchorReducer() implements Reducer {
  @Override
  public Tensor of(Terms terms, Batch batch) {
    if (terms.anchors() == null) {
      return terms.values().mean();
    }
    int[] count = new int[batch.size()];
    for (int anchor : terms.anchors()) {
      count[anchor]++;
    }
    double[] weights = new double[terms.anchors().length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = 1.0 / count[terms.anchors()[k]] / batch.size();
    }
    return terms.values().mul(Tensor.of(Shape.of(weights.length), weights)).sum();
  }
}
