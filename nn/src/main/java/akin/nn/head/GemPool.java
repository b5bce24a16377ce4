package akin.nn.head;

import akin.nn.Initializer;
import akin.nn.Layer;
import akin.nn.Parameter;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * The generalised mean of each plane, y = ((1/n) Σ max(x, ε)^p)^(1/p): [N,C,H,W] → [N,C], with ε =
 * 1e-6. ∂y/∂x = (1/n)·x^(p−1)·y^(1−p) where x &gt; ε. A learnable p is the parameter {@code p}, one
 * number.
 *
 * <p>Source: Radenović, Tolias, Chum, "Fine-tuning CNN image retrieval with no human annotation",
 * PAMI 2018.
 */
public final class GemPool extends Layer {
  private static final double EPS = 1e-6;

  private final double fixed;
  private final Parameter learned;

  /**
   * @param p exponent, or its first value; 3 is usual
   * @param learns whether p is a weight
   */
  public GemPool(double p, boolean learns) {
    if (!(p > 0) || Double.isInfinite(p)) {
      throw new IllegalArgumentException("the exponent is above 0 and finite: " + p);
    }
    fixed = p;
    learned = learns ? parameter("p", Shape.of(1), Initializer.constant(p)) : null;
  }

  /**
   * The generalised mean with an exponent that may learn, too: ∂y/∂p = (y/p)·(Σ x^p ln x / Σ x^p −
   * ln y).
   *
   * @param x [N,C,H,W]
   * @param p [1]
   */
  public static Tensor of(Tensor x, Tensor p) {
    return scaled(x, cells -> cells.pow(p).mean(true, 2, 3).pow(p.reciprocal()));
  }

  /** The generalised mean with a fixed exponent. */
  public static Tensor of(Tensor x, double p) {
    return scaled(x, cells -> cells.pow(p).mean(true, 2, 3).pow(1 / p));
  }

  /** The mean of cells divided by the plane's largest, so that no power overflows. */
  private static Tensor scaled(Tensor x, UnaryOperator<Tensor> mean) {
    Tensor positive = x.clamp(EPS, Float.MAX_VALUE);
    Tensor top = positive.detach().amax(true, 2, 3);
    return mean.apply(positive.div(top)).mul(top).reshape(x.dim(0), x.dim(1));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return learned == null ? of(x, fixed) : of(x, learned.tensor());
  }
}
