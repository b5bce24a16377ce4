package akin.nn.metric.reduce;

import akin.nn.metric.Batch;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * The mean of the losses between two bounds, 0 if there is none. Which ones they are is a constant
 * for the gradient.
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
 *
 * @param low losses up to it are left out; −∞ for none
 * @param high losses from it on are left out; +∞ for none
 */
public record ThresholdReducer(double low, double high) implements Reducer {
  @Override
  public Tensor of(Terms terms, Batch batch) {
    double[] values = terms.values().toDoubles();
    double[] kept = new double[values.length];
    double count = 0;
    for (int k = 0; k < values.length; k++) {
      kept[k] = low < values[k] && values[k] < high ? 1 : 0;
      count += kept[k];
    }
    Tensor mask = Tensor.of(Shape.of(kept.length), kept);
    return terms.values().mul(mask).sum().div(Math.max(1, count));
  }
}
