package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.check.Evaluator.Played;
import java.util.Arrays;
import java.util.Locale;

/**
 * Compares a float32 backend with the reference in float64, forward and backward, on the same
 * numbers: inputs and dY are rounded to float32 first.
 *
 * <p><b>Bound.</b> A computation with a chain of k roundings gives at best the exact result for
 * inputs that are off by k·u each, relatively, itself off by k·u, where u = 2⁻²⁴. So each element z
 * of the output or of a gradient may be off by
 *
 * <pre>k·u·(|z| + 4·R + s).</pre>
 *
 * <p>R is how much z moves, per relative change, when every input (and dY) moves up or down by the
 * same small share, signs at random: the root of the sum of squares of the terms z is made of, as
 * the reference itself tells; the largest of four trials, and 4 for trials that fall short of it. s
 * is the size of intermediate values that may cancel: 1, the largest input or dY, or {@link
 * GradientCase#scale}. k is the case's chain, plus 4 for a library function.
 */
public final class Agreement {
  private static final double U = 0x1p-24;
  private static final double SHARE = 1e-7;
  private static final int TRIALS = 4;

  private final Evaluator exact;
  private final Evaluator other;
  private final String name;

  /**
   * Compares {@code other} with {@code exact}.
   *
   * @param exact computes in float64
   */
  public Agreement(Backend exact, Backend other) {
    this.exact = new Evaluator(exact);
    this.other = new Evaluator(other);
    this.name = other.name();
  }

  /** Compares at a point that is not on a kink, with dY drawn from {@code seed}. */
  public Verdict check(GradientCase at, long seed) {
    RandomStream stream = RandomStream.of(seed, "agreement");
    GradientCase point = at.at(rounded(at.values()));
    RandomStream draw = stream.child("w");
    Played want = exact.play(point, s -> rounded(GradientChecker.weights(s, draw)));
    Played got = other.play(point, shape -> want.dy());
    Played[] moved = new Played[TRIALS];
    for (int t = 0; t < TRIALS; t++) {
      moved[t] = moved(point, want, stream.child(t));
    }
    double k = 4 + at.roundings();
    double scale = Math.max(1, Math.max(point.largest(), at.scale()));
    Verdict verdict = compare("output", got, want, moved, Played::y, k, scale);
    for (int i = 0; i < want.g().length; i++) {
      if (want.g()[i] != null) {
        int input = i;
        String what = "gradient of input " + i + " " + at.inputs().get(i).shape();
        Part part = played -> played.g()[input];
        verdict = verdict.and(compare(what, got, want, moved, part, k, scale));
      }
    }
    return verdict;
  }

  /** Output or gradient. */
  private interface Part {
    double[] of(Played played);
  }

  private Verdict compare(
      String what, Played got, Played want, Played[] moved, Part part, double k, double scale) {
    double[] z = part.of(want);
    double[] actual = part.of(got);
    double worst = 0;
    int worstAt = -1;
    for (int j = 0; j < z.length; j++) {
      double response = 0;
      for (Played trial : moved) {
        response = Math.max(response, Math.abs(part.of(trial)[j] - z[j]) / SHARE);
      }
      double allowed = k * U * (Math.abs(z[j]) + 4 * response + scale);
      double ratio = Math.abs(actual[j] - z[j]) / allowed;
      if (!(ratio <= worst)) {
        worst = Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
        worstAt = j;
      }
    }
    int element = worstAt;
    double times = worst;
    return Verdict.of(
        worst,
        () ->
            String.format(
                Locale.ROOT,
                "%s on %s, element %d: %.9g instead of %.9g, %.3g times what rounding allows",
                what,
                name,
                element,
                actual[element],
                z[element],
                times));
  }

  /** The reference's results when every input and dY moves by a small share, up or down. */
  private Played moved(GradientCase point, Played want, RandomStream stream) {
    double[][] values = point.values();
    double[][] shifted = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      // A constant stays: it may have to be whole, such as the power of a negative number.
      boolean moves = point.inputs().get(i).wanted();
      shifted[i] = moves ? shifted(values[i], stream.child(i)) : values[i];
    }
    return exact.play(point.at(shifted), shape -> shifted(want.dy(), stream.child("dy")));
  }

  private static double[] shifted(double[] x, RandomStream stream) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[i] * (stream.bits(i) < 0 ? 1 + SHARE : 1 - SHARE));
    return y;
  }

  private static double[] rounded(double[] x) {
    return Arrays.stream(x).map(v -> (float) v).toArray();
  }

  private static double[][] rounded(double[][] x) {
    return Arrays.stream(x).map(Agreement::rounded).toArray(double[][]::new);
  }
}
