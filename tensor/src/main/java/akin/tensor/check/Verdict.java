package akin.tensor.check;

/**
 * What a check found.
 *
 * @param ratio largest disagreement as a share of what rounding and truncation allow; passed if ≤ 1
 * @param message what failed, with shapes, element, analytic and numeric values; empty if passed
 */
public record Verdict(double ratio, String message) {
  /** Whether the check passed. */
  public boolean passed() {
    return message.isEmpty();
  }

  /** A verdict that is passed with {@code ratio} ≤ 1, and failed with {@code message} otherwise. */
  static Verdict of(double ratio, java.util.function.Supplier<String> message) {
    return new Verdict(ratio, ratio <= 1 ? "" : message.get());
  }

  /** Whichever is worse; a failed one is worse than a passed one, the first failure wins. */
  Verdict and(Verdict other) {
    if (!passed()) {
      return this;
    }
    return !other.passed() || other.ratio > ratio ? other : this;
  }
}
