package akin.nn.metric.proxy;

import akin.tensor.Tensor;

/**
 * Softmax of cosines over a temperature, without a margin: l = −ln(e^{c_y/τ} / Σ_j e^{c_j/τ}), c_j
 * the cosine with the vector of class j; ∂l/∂c_j = (p_j − [j = y])/τ.
 *
 * <p>Source: Zhai and Wu, "Classification is a strong baseline for deep metric learning", BMVC
 * 2019.
 */
public final class NormalizedSoftmaxLoss extends MarginSoftmaxLoss {
  /**
   * @param temperature τ
   */
  public NormalizedSoftmaxLoss(int classes, int width, double temperature) {
    super(ClassVectors.columns("W", classes, 1, width), 1 / temperature);
  }

  /** τ = 0.05. */
  public static NormalizedSoftmaxLoss usual(int classes, int width) {
    return new NormalizedSoftmaxLoss(classes, width, 0.05);
  }

  @Override
  Tensor margined(Tensor cosines, int[] labels) {
    return cosines;
  }
}
