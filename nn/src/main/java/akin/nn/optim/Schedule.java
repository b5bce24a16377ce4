package akin.nn.optim;

/**
 * A learning rate over time: a pure function of the base rate and of the number of updates (or
 * epochs, as the caller counts) already made.
 */
@FunctionalInterface
public interface Schedule {
  /**
   * The rate of the update after {@code t} earlier ones.
   *
   * @param base the optimiser's (or the group's) own rate
   * @param t 0 for the first update
   */
  double rate(double base, long t);

  /** base. */
  static Schedule constant() {
    return (base, t) -> base;
  }

  /** base·gamma^⌊t/every⌋. */
  static Schedule step(long every, double gamma) {
    return (base, t) -> base * Math.pow(gamma, t / every);
  }

  /** base·gamma^(milestones ≤ t); a milestone named twice counts twice. */
  static Schedule multiStep(double gamma, long... milestones) {
    long[] at = milestones.clone();
    return (base, t) -> {
      long passed = 0;
      for (long milestone : at) {
        passed += milestone <= t ? 1 : 0;
      }
      return base * Math.pow(gamma, passed);
    };
  }

  /** base·gammaᵗ. */
  static Schedule exponential(double gamma) {
    return (base, t) -> base * Math.pow(gamma, t);
  }

  /**
   * lowest + ½(base − lowest)(1 + cos(π·t/length)); beyond {@code length} it rises again.
   *
   * <p>Source: Loshchilov, Hutter, "SGDR", ICLR 2017, without restarts.
   */
  static Schedule cosine(long length, double lowest) {
    return (base, t) -> lowest + (base - lowest) * (1 + Math.cos(Math.PI * t / length)) / 2;
  }

  /** lowest + (base − lowest)(1 − t/length)^power; beyond {@code length} it stays at lowest. */
  static Schedule polynomial(long length, double power, double lowest) {
    return (base, t) ->
        lowest + (base - lowest) * Math.pow(1 - Math.min(1, (double) t / length), power);
  }

  /**
   * Half a cosine from base/first up to base at t = rise·length − 1, then one down to
   * base/(first·last) at t = length − 1, where it stays: PyTorch's OneCycleLR.
   *
   * <p>Source: Smith, Topin, "Super-convergence", 2018.
   */
  static Schedule oneCycle(long length, double rise, double first, double last) {
    double top = rise * length - 1;
    return (base, t) -> {
      double begin = base / first;
      return t <= top
          ? between(begin, base, t / top)
          : between(base, begin / last, Math.min(1, (t - top) / (length - 1 - top)));
    };
  }

  private static double between(double from, double to, double share) {
    return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  }

  /** This schedule of ⌊t/steps⌋: it moves once every {@code steps} updates, as after epochs. */
  default Schedule heldFor(long steps) {
    return (base, t) -> rate(base, t / steps);
  }

  /** This schedule times min(1, (t + 1)/length). */
  default Schedule warmedLinearly(long length) {
    return (base, t) -> rate(base, t) * Math.min(1, (t + 1.0) / length);
  }

  /** This schedule times 1 − e^(−(t + 1)/length). */
  default Schedule warmedExponentially(double length) {
    return (base, t) -> rate(base, t) * -Math.expm1(-(t + 1) / length);
  }
}
