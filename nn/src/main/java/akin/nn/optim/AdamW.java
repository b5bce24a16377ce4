package akin.nn.optim;

import akin.tensor.backend.Update;

/**
 * Adam with the decay taken out of the gradient: p ← (1 − rate·wd)·p first, then as {@link Adam}
 * without wd.
 *
 * <p>Source: Loshchilov, Hutter, "Decoupled weight decay regularization", ICLR 2019.
 *
 * @param weightDecay wd
 */
public record AdamW(double rate, double beta1, double beta2, double eps, double weightDecay)
    implements Rule {
  /** PyTorch's defaults: β 0.9 and 0.999, eps 1e-8, decay 0.01. */
  public static AdamW of(double rate) {
    return new AdamW(rate, 0.9, 0.999, 1e-8, 1e-2);
  }

  @Override
  public Update update(double rate, long step) {
    return Update.adam(Update.Rule.ADAMW, rate, beta1, beta2, eps, weightDecay, step);
  }

  @Override
  public int states() {
    return 2;
  }
}
