package akin.nn.metric.proxy;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * cos θ → φ(θ) = (−1)^k cos(mθ) − 2k for θ in [kπ/m, (k+1)π/m]: falls from 1 to 1 − 2m, below cos
 * θ. It is smooth: its slope by cos θ is (−1)^k m sin(mθ)/sin θ, which is 0 where k changes.
 */
final class MultipliedMargin {
  private MultipliedMargin() {}

  /** φ of cosines [N], m whole and at least 1. */
  static Tensor of(Tensor cosine, int m) {
    Tensor one = Tensor.full(Shape.of(), 1);
    Tensor k = one.mul(0);
    Tensor sign = one;
    for (int j = 1; j < m; j++) { // one more wherever θ ≥ jπ/m; no gradient
      Tensor before = cosine.greater(Tensor.scalar(Math.cos(j * Math.PI / m)));
      k = k.add(one.sub(before));
      sign = sign.mul(before.mul(2).sub(1));
    }
    return sign.mul(multiple(cosine, m)).sub(k.mul(2));
  }

  /** cos(mθ) of cos θ, by Chebyshev's cos((n+1)θ) = 2 cos θ cos(nθ) − cos((n−1)θ). */
  private static Tensor multiple(Tensor cosine, int m) {
    Tensor before = Tensor.full(Shape.of(), 1);
    Tensor now = cosine;
    for (int n = 1; n < m; n++) {
      Tensor next = cosine.mul(now).mul(2).sub(before);
      before = now;
      now = next;
    }
    return now;
  }
}
