package akin.nn.optim;

import java.util.Map;
import java.util.TreeMap;

/**
 * Multiplies the rate by {@code factor} when a figure has not improved for more than {@code
 * patience} observations: PyTorch's ReduceLROnPlateau. Unlike the other schedules it remembers;
 * {@link #state} and {@link #restore} carry that through a checkpoint.
 */
public final class Plateau implements Schedule {
  private static final double SMALLEST_CHANGE = 1e-8; // a smaller one is not made, as in PyTorch

  private final Options options;
  private double best;
  private int waited;
  private int cooling;
  private int reductions;

  /**
   * How to judge.
   *
   * @param maximize whether larger figures are better
   * @param factor what the rate is multiplied by
   * @param patience observations without improvement that are put up with
   * @param threshold how much better is better
   * @param relative whether the threshold is a share of the best figure, not a difference
   * @param cooldown observations after a reduction in which none is counted
   * @param lowest the rate is never reduced below it
   */
  public record Options(
      boolean maximize,
      double factor,
      int patience,
      double threshold,
      boolean relative,
      int cooldown,
      double lowest) {
    /** PyTorch's defaults: smaller is better, threshold 1e-4 relative, no cooldown. */
    public static Options of(double factor, int patience) {
      return new Options(false, factor, patience, 1e-4, true, 0, 0);
    }
  }

  /** Nothing seen yet. */
  public Plateau(Options options) {
    this.options = options;
    best = options.maximize ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /** Takes the next figure, such as the validation loss of an epoch; NaN is no improvement. */
  public void observe(double figure) {
    if (better(figure)) {
      best = figure;
      waited = 0;
    } else {
      waited++;
    }
    if (cooling > 0) {
      cooling--;
      waited = 0;
    }
    if (waited > options.patience) {
      reductions++;
      waited = 0;
      cooling = options.cooldown;
    }
  }

  private boolean better(double figure) {
    double margin = options.maximize ? options.threshold : -options.threshold;
    double bar = options.relative ? best * (1 + margin) : best + margin;
    return options.maximize ? figure > bar : figure < bar;
  }

  @Override
  public double rate(double base, long t) {
    double rate = base;
    for (int i = 0; i < reductions; i++) {
      double reduced = Math.max(rate * options.factor, options.lowest);
      if (rate - reduced <= SMALLEST_CHANGE) {
        break;
      }
      rate = reduced;
    }
    return rate;
  }

  /** What it remembers, by name. */
  public Map<String, Double> state() {
    return new TreeMap<>(
        Map.of(
            "best", best,
            "waited", (double) waited,
            "cooling", (double) cooling,
            "reductions", (double) reductions));
  }

  /** Goes on from a {@link #state}. */
  public void restore(Map<String, Double> state) {
    best = state.get("best");
    waited = state.get("waited").intValue();
    cooling = state.get("cooling").intValue();
    reductions = state.get("reductions").intValue();
  }
}
