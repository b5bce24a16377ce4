package akin.nn.optim;

import akin.tensor.backend.Update;

/** The formula of an optimiser, with its options. */
public interface Rule {
  /** The learning rate before any schedule. */
  double rate();

  /**
   * One update.
   *
   * @param rate the learning rate as scheduled
   * @param step 1 for a parameter's first update
   */
  Update update(double rate, long step);

  /** How many states it keeps of each parameter: 0, 1 or 2. */
  int states();
}
