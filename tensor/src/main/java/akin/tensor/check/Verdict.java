package akin.tensor.check;

import java.util.function.Supplier;

/** What a check found. */
public final class Verdict {
  private static final Verdict FINE = new Verdict(0, () -> "");

  private final double ratio;
  private final Supplier<String> told;

  private Verdict(double ratio, Supplier<String> told) {
    this.ratio = ratio;
    this.told = told;
  }

  /** A check that found nothing at all. */
  static Verdict fine() {
    return FINE;
  }

  /**
   * A verdict that is passed with {@code ratio} ≤ 1.
   *
   * @param told tells what failed; asked only when somebody wants to know, as finding out is slow
   */
  static Verdict of(double ratio, Supplier<String> told) {
    return new Verdict(ratio, told);
  }

  /** A failure that no ratio describes. */
  static Verdict failure(String message) {
    return new Verdict(Double.POSITIVE_INFINITY, () -> message);
  }

  /** The largest disagreement as a share of what rounding and truncation allow. */
  public double ratio() {
    return ratio;
  }

  /** Whether the disagreement is no larger than allowed; NaN is not. */
  public boolean passed() {
    return ratio <= 1;
  }

  /**
   * What failed, with shapes, element, analytic and numeric values; empty if passed. Ask while the
   * checker's backend is open.
   */
  public String message() {
    return passed() ? "" : told.get();
  }

  /** Whichever is worse; the first failure wins. */
  Verdict and(Verdict other) {
    if (!passed()) {
      return this;
    }
    return !other.passed() || other.ratio > ratio ? other : this;
  }
}
