package akin.nn.metric.reduce;

import akin.nn.metric.Batch;
import akin.nn.metric.Reducer;
import akin.nn.metric.Terms;
import akin.tensor.Tensor;
import akin.tensor.UserError;

/**
 * The sum of the losses over a number that does not depend on the batch, so that every loss weighs
 * the same in every batch, however many there are.
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020, where each loss gives its own
 * number.
 *
 * @param divisor above 0
 */
public record DivisorReducer(double divisor) implements Reducer {
  /** Checks the divisor. */
  public DivisorReducer {
    if (!(divisor > 0)) {
      throw UserError.of("losses cannot be divided by " + divisor)
          .rule("a divisor is above 0")
          .mend("give the number of losses that should count as one batch");
    }
  }

  @Override
  public Tensor of(Terms terms, Batch batch) {
    return terms.values().sum().div(divisor);
  }
}
