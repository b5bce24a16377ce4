package akin.nn.metric;

import akin.tensor.Tensor;

/** Makes one number of many losses. Unreduced they are {@link Loss#terms}. */
@FunctionalInterface
public interface Reducer {
  /** Their mean. */
  Reducer MEAN = (terms, batch) -> terms.values().mean();

  /** Their sum. */
  Reducer SUM = (terms, batch) -> terms.values().sum();

  /** The mean of those above 0, whose number is a constant for the gradient; 0 if there is none. */
  Reducer NON_ZERO =
      (terms, batch) -> {
        Tensor some = terms.values().greater(Tensor.scalar(0)).sum().max(Tensor.scalar(1));
        return terms.values().relu().sum().div(some);
      };

  /** [n] → []. */
  Tensor of(Terms terms, Batch batch);

  /** Whether it must know the class, from 0 to C − 1, of the sample that each value belongs to. */
  default boolean weighsClasses() {
    return false;
  }
}
