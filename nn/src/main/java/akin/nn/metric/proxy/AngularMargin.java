package akin.nn.metric.proxy;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * cos θ → cos(θ + m) without taking an arc cosine: cos θ cos m − sin θ sin m. Slope by cos θ: sin(θ
 * + m)/sin θ, which would be infinite at ±1, so sin θ is that of |cos θ| ≤ 1 − 1e-6.
 *
 * @param margins m in radians, 0 ≤ m &lt; π: of each sample
 */
record AngularMargin(double... margins) {
  private static final double NEAR = 1 - 1e-6;

  /** The same for n samples. */
  static AngularMargin of(double margin, int n) {
    double[] all = new double[n];
    Arrays.fill(all, margin);
    return new AngularMargin(all);
  }

  /** cos(θ + m) of cosines [N]. */
  Tensor shifted(Tensor cosine) {
    Tensor near = cosine.clamp(-NEAR, NEAR);
    Tensor sine = near.neg().add(1).mul(near.add(1)).sqrt(); // 1 − c² would cancel near 1
    return cosine.mul(each(Math::cos)).sub(sine.mul(each(Math::sin)));
  }

  /**
   * cos(θ + m) as long as θ + m ≤ π. Beyond that it would rise again: there it is cos θ − m sin m,
   * which lies below −1 for θ = π. At θ = π − m the value jumps down by cos m + m sin m − 1.
   */
  Tensor monotone(Tensor cosine) {
    Tensor inside = cosine.greater(each(m -> -Math.cos(m)));
    Tensor beyond = cosine.sub(each(m -> m * Math.sin(m)));
    return beyond.add(inside.mul(shifted(cosine).sub(beyond)));
  }

  /** The easy form: cos(θ + m) where cos θ &gt; 0, else cos θ. */
  Tensor easy(Tensor cosine) {
    Tensor inside = cosine.greater(Tensor.scalar(0));
    return cosine.add(inside.mul(shifted(cosine).sub(cosine)));
  }

  private Tensor each(DoubleUnaryOperator f) {
    return Tensor.of(Shape.of(margins.length), Arrays.stream(margins).map(f).toArray());
  }
}
