package akin.tensor.backend;

/**
 * One fused step of an optimiser over one parameter p with gradient g, step t counted from 1:
 *
 * <ul>
 *   <li>SGD: g ← g + wd·p; m ← g at t = 1, else momentum·m + (1 − dampening)·g; p ← p −
 *       lr·(nesterov ? g + momentum·m : m); without momentum p ← p − lr·g.
 *   <li>ADAM: g ← g + wd·p; m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; p ← p − lr/(1 −
 *       β₁ᵗ)·m/(√v/√(1 − β₂ᵗ) + eps).
 *   <li>ADAMW: p ← (1 − lr·wd)·p first, then as ADAM without wd in g.
 * </ul>
 *
 * <p>At t = 1 the m of SGD may hold anything; m and v of ADAM and ADAMW begin as zeros.
 */
public record Update(
    Rule rule,
    double rate,
    double weightDecay,
    double momentum,
    double dampening,
    boolean nesterov,
    double beta1,
    double beta2,
    double eps,
    long step) {

  /** The formula. */
  public enum Rule {
    /** Stochastic gradient descent, state m when momentum is not 0. */
    SGD,
    /** Kingma and Ba 2015, decay in the gradient, states m and v. */
    ADAM,
    /** Loshchilov and Hutter 2019, decoupled decay, states m and v. */
    ADAMW
  }

  /** A step of SGD. */
  public static Update sgd(
      double rate,
      double momentum,
      double dampening,
      boolean nesterov,
      double weightDecay,
      long step) {
    return new Update(Rule.SGD, rate, weightDecay, momentum, dampening, nesterov, 0, 0, 0, step);
  }

  /** A step of Adam or AdamW. */
  public static Update adam(
      Rule rule,
      double rate,
      double beta1,
      double beta2,
      double eps,
      double weightDecay,
      long step) {
    return new Update(rule, rate, weightDecay, 0, 0, false, beta1, beta2, eps, step);
  }
}
