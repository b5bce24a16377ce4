package akin.nn.metric.distance;

import akin.nn.metric.Distance;
import akin.nn.metric.Norm;
import akin.tensor.Tensor;

/**
 * The noise an item adds to an anchor: d(a, b) = var(a − b)/var(a), variances over the D
 * coordinates; not symmetric. With a' = a − mean(a), b' alike: d = ‖a' − b'‖²/‖a'‖², ∂d/∂b' = −2(a'
 * − b')/‖a'‖², ∂d/∂a' = 2(a' − b' − d·a')/‖a'‖². Of an anchor with ‖a'‖² below 1e-12, such as one
 * whose coordinates are all equal, that bound stands for ‖a'‖², a constant.
 *
 * <p>Source: Yuan et al., "Signal-to-noise ratio: a robust distance metric for deep metric
 * learning", CVPR 2019.
 *
 * @param normalize whether vectors are normalised first
 */
public record SnrDistance(boolean normalize) implements Distance {
  private static final double EPS = 1e-12;

  @Override
  public Tensor of(Tensor anchors, Tensor items) {
    Tensor a = centred(anchors);
    Tensor b = anchors == items ? a : centred(items);
    Tensor signal = a.square().sum(true, 1).clamp(EPS, Float.MAX_VALUE);
    return a.distances(b, akin.tensor.backend.Distance.SQUARED).div(signal);
  }

  private Tensor centred(Tensor vectors) {
    Tensor x = normalize ? Norm.unitRows(vectors) : vectors;
    return x.sub(x.mean(true, 1));
  }

  @Override
  public boolean similarity() {
    return false;
  }
}
