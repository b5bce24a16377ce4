package akin.nn.metric;

import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Losses of single pairs, triplets or samples, before they are reduced to one number.
 *
 * @param values [n], n ≥ 1
 * @param anchors n rows: whose loss each is; null where all samples have a share in every value, as
 *     where each is a proxy's or a coordinate's
 */
public record Terms(Tensor values, int[] anchors) {
  /** Checks that there is an anchor for each value. */
  public Terms {
    boolean fits =
        values.shape().rank() == 1
            && values.dim(0) > 0
            && (anchors == null || anchors.length == values.dim(0));
    if (!fits) {
      throw new IllegalArgumentException(
          "losses " + values.shape() + " of anchors " + Arrays.toString(anchors));
    }
  }

  /** Of pairs, triplets or samples. */
  public static Terms of(Tensor values, int... anchors) {
    return new Terms(values, anchors);
  }

  /** Of every sample of a batch of n. */
  public static Terms ofEach(Tensor values) {
    return of(values, IntStream.range(0, values.dim(0)).toArray());
  }

  /** Of no sample by itself. */
  public static Terms ofBatch(Tensor values) {
    return new Terms(values, null);
  }
}
