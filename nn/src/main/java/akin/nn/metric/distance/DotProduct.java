package akin.nn.metric.distance;

import akin.nn.metric.Distance;
import akin.nn.metric.Norm;
import akin.tensor.Tensor;

/**
 * s(a, b) = x·y, with x = a/‖a‖ and y = b/‖b‖ if vectors are normalised first: the cosine. ∂s/∂x =
 * y.
 *
 * <p>Source: Musgrave et al., "PyTorch Metric Learning", 2020.
 *
 * @param normalize whether vectors are normalised first
 */
public record DotProduct(boolean normalize) implements Distance {
  /** The cosine. */
  public static DotProduct cosine() {
    return new DotProduct(true);
  }

  /** The product of vectors as they are. */
  public static DotProduct plain() {
    return new DotProduct(false);
  }

  @Override
  public Tensor of(Tensor anchors, Tensor items) {
    if (!normalize) {
      return anchors.matmul(items, false, true);
    }
    Tensor x = Norm.unitRows(anchors);
    Tensor y = anchors == items ? x : Norm.unitRows(items);
    return x.matmul(y, false, true);
  }

  @Override
  public boolean similarity() {
    return true;
  }
}
