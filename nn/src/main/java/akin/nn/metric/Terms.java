package akin.nn.metric;

import akin.tensor.Tensor;

/**
 * Losses of single pairs, triplets or samples, before they are reduced to one number.
 *
 * @param values [n], n ≥ 1
 * @param anchors n rows: whose loss each is
 * @param items n rows: the item of each pair; null where a value is no pair's
 */
public record Terms(Tensor values, int[] anchors, int[] items) {
  /** Checks that there is an anchor for each value. */
  public Terms {
    int n = anchors.length;
    if (n == 0 || values.shape().rank() != 1 || values.dim(0) != n) {
      throw new IllegalArgumentException(n + " anchors of losses " + values.shape());
    }
  }

  /** Of pairs. */
  public static Terms ofPairs(Tensor values, int[] anchors, int[] items) {
    return new Terms(values, anchors, items);
  }

  /** Of triplets or samples. */
  public static Terms of(Tensor values, int... anchors) {
    return new Terms(values, anchors, null);
  }

  /** Of every sample of a batch of n. */
  public static Terms ofEach(Tensor values) {
    return of(values, java.util.stream.IntStream.range(0, values.dim(0)).toArray());
  }
}
