package akin.nn.optim;

import akin.tensor.backend.Update;

/**
 * Stochastic gradient descent: g ← g + wd·p; m ← g at first, then momentum·m + (1 − dampening)·g; p
 * ← p − rate·m, or with Nesterov's look-ahead p − rate·(g + momentum·m).
 *
 * <p>Source: Sutskever et al., "On the importance of initialization and momentum", ICML 2013; in
 * PyTorch's form.
 *
 * @param weightDecay wd
 */
public record Sgd(
    double rate, double momentum, double dampening, boolean nesterov, double weightDecay)
    implements Rule {
  /** With momentum, and nothing else. */
  public static Sgd of(double rate, double momentum) {
    return new Sgd(rate, momentum, 0, false, 0);
  }

  @Override
  public Update update(double rate, long step) {
    return Update.sgd(rate, momentum, dampening, nesterov, weightDecay, step);
  }

  @Override
  public int states() {
    return momentum == 0 ? 0 : 1;
  }
}
