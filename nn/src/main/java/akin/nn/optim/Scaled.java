package akin.nn.optim;

import akin.tensor.backend.Update;

/**
 * A rule whose rate is multiplied by a factor after the schedule has spoken, for parts of a network
 * that move more slowly: a group of it follows the same schedule as the others.
 *
 * @param rule what it does otherwise
 * @param factor of the scheduled rate
 */
public record Scaled(Rule rule, double factor) implements Rule {
  /** The rate that the schedule begins from: that of the rule itself, not yet multiplied. */
  @Override
  public double rate() {
    return rule.rate();
  }

  @Override
  public Update update(double rate, long step) {
    return rule.update(rate * factor, step);
  }

  @Override
  public int states() {
    return rule.states();
  }
}
