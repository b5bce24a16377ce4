package akin.nn.metric.pair;

import akin.nn.metric.LogSumExp;
import akin.tensor.Tensor;

/**
 * What it costs that a positive is farther than a negative by z: ln(1 + eᶻ), the soft margin, or
 * the hinge [z + m]₊. Slopes σ(z), and 1 where z &gt; −m.
 *
 * <p>Source: Hermans, Beyer, Leibe, "In defense of the triplet loss for person re-identification",
 * 2017.
 *
 * @param soft whether the margin is soft
 * @param margin m of the hinge
 */
public record Penalty(boolean soft, double margin) {
  /** ln(1 + eᶻ). */
  public static Penalty softMargin() {
    return new Penalty(true, 0);
  }

  /** [z + m]₊. */
  public static Penalty hinge(double margin) {
    return new Penalty(false, margin);
  }

  Tensor of(Tensor z) {
    return soft ? LogSumExp.onePlus(z) : z.add(margin).relu();
  }
}
