package akin.nn.optim;

import akin.tensor.backend.Update;

/**
 * Adam: g ← g + wd·p; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; p ← p − rate·m̂/(√v̂ + eps), m̂ =
 * m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
 *
 * <p>Source: Kingma, Ba, "Adam", ICLR 2015.
 *
 * @param weightDecay wd
 */
public record Adam(double rate, double beta1, double beta2, double eps, double weightDecay)
    implements Rule {
  /** The paper's options: β 0.9 and 0.999, eps 1e-8, no decay. */
  public static Adam of(double rate) {
    return new Adam(rate, 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public Update update(double rate, long step) {
    return Update.adam(Update.Rule.ADAM, rate, beta1, beta2, eps, weightDecay, step);
  }

  @Override
  public int states() {
    return 2;
  }
}
