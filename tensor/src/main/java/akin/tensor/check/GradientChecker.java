package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.backend.Backend;
import akin.tensor.check.Evaluator.Played;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Compares analytic gradients with difference quotients, in float64.
 *
 * <p>For random weights w the case becomes one number L(x) = Σ w·y(x). For a random direction v
 * over all inputs together, ‖v‖ = 1, the analytic slope Σ gᵢvᵢ is compared with the central
 * difference (L(x + hv) − L(x − hv))/2h at h = ∛eps·max(1, ‖x‖∞), and must satisfy
 *
 * <pre>|analytic − numeric| ≤ 1e-6·Σ|gᵢvᵢ| + c·eps·Σ|terms|/h.</pre>
 *
 * <p><b>The first part</b> covers truncation, h²/6·L‴ ≈ 4e-11·L‴. It is measured against Σ|gᵢvᵢ|
 * and not against the slope itself, which may cancel to nearly nothing.
 *
 * <p><b>The second part</b> covers rounding. With unit roundoff eps/2, a chain of k roundings gives
 * f(x(1 + δ))(1 + δ′), |δ|, |δ′| ≤ k·eps/2, to first order: an error in L of at most k·eps/2·T with
 * T = Σ|wⱼyⱼ| + Σ|gᵢxᵢ|. Two such values are subtracted and divided by 2h: k/2·eps·T/h. So c = k/2,
 * where k is the longest chain of roundings of the case plus 16 for a library function that is off
 * by some units in the last place. Intermediate values may be larger than y, as in 1 + tanh x near
 * −1; so |yⱼ| counts at least as much as 1, as the largest input, and as {@link
 * GradientCase#scale}.
 *
 * <p>x ± hv is rounded too, so the direction taken is the one that was really walked: ((x + hv) −
 * (x − hv))/2h, whose subtraction is exact.
 *
 * <p><b>On a kink</b>, one output element at a time, the analytic slope along v must lie between
 * the one-sided slopes: the derivative is then in the subdifferential (f is convex or concave
 * there), for instance a convex combination of a pool's tied candidates.
 *
 * <p>Besides, whatever the function: a gradient of 2w is exactly twice that of w (doubling does not
 * round), an input used twice has twice the gradient, and the case's {@link Law}s hold.
 */
public final class GradientChecker {
  /** 2⁻⁵². */
  static final double EPS = Math.ulp(1.0);

  private static final double RELATIVE = 1e-6;
  private static final int KINK_OUTPUTS = 6;
  private static final int KINK_DIRECTIONS = 12;

  private final Evaluator evaluator;

  /** A checker on {@code backend}, which computes in float64. */
  public GradientChecker(Backend backend) {
    if (backend.elementBytes() != 8) {
      throw new IllegalArgumentException(
          backend.name() + ": difference quotients need float64; use the reference backend");
    }
    evaluator = new Evaluator(backend);
  }

  /** The step of central differences. */
  static double step(GradientCase at) {
    return Math.cbrt(EPS) * Math.max(1, at.largest());
  }

  /** Checks {@code at} with weights and directions drawn from {@code seed}. */
  public Verdict check(GradientCase at, long seed) {
    RandomStream stream = RandomStream.of(seed, "weights and directions");
    return at.onKink() ? onKink(at, stream) : smooth(at, stream);
  }

  // ---- away from kinks ----

  private Verdict smooth(GradientCase at, RandomStream stream) {
    Played played = evaluator.play(at, shape -> weights(shape, stream.child("w")));
    if (!finite(played)) {
      return Verdict.failure("a value or a gradient is not finite");
    }
    return slope(at, played, stream.child("v")).and(exact(at, played)).and(laws(at, played));
  }

  private Verdict slope(GradientCase at, Played played, RandomStream stream) {
    double h = step(at);
    Walk walk = Walk.along(at, direction(at, stream), h);
    double analytic = dot(played.g(), walk.taken);
    double numeric = quotient(played.dy(), walk.ahead(evaluator), walk.behind(evaluator), 2 * h);
    double allowed = allowed(at, played, walk.taken, h);
    double ratio = Math.abs(analytic - numeric) / allowed;
    return Verdict.of(
        ratio,
        () ->
            String.format(
                    Locale.ROOT,
                    "slope along a random direction: analytic %.12g, numeric %.12g, difference"
                        + " %.3g, allowed %.3g%n",
                    analytic,
                    numeric,
                    Math.abs(analytic - numeric),
                    allowed)
                + worstElement(at, played));
  }

  /** Tells the element whose own slope disagrees most. */
  private String worstElement(GradientCase at, Played played) {
    double h = step(at);
    String worst = "no single element stands out";
    double most = -1;
    for (int i = 0; i < played.g().length; i++) {
      for (int k = 0; played.g()[i] != null && k < played.g()[i].length; k++) {
        Walk walk = Walk.along(at, axis(at, i, k), h);
        double[] ahead = walk.ahead(evaluator);
        double[] behind = walk.behind(evaluator);
        double analytic = played.g()[i][k];
        double numeric = quotient(played.dy(), ahead, behind, 2 * h);
        if (Math.abs(analytic - numeric) > most) {
          most = Math.abs(analytic - numeric);
          worst =
              String.format(
                  Locale.ROOT,
                  "worst at input %d, element %d of %s: analytic %.12g, numeric %.12g, one-sided"
                      + " %.9g and %.9g",
                  i,
                  k,
                  at.inputs().get(i).shape(),
                  analytic,
                  numeric,
                  quotient(played.dy(), played.y(), behind, h),
                  quotient(played.dy(), ahead, played.y(), h));
        }
      }
    }
    return worst;
  }

  private Verdict exact(GradientCase at, Played played) {
    double[] doubled = Arrays.stream(played.dy()).map(w -> 2 * w).toArray();
    Played twofold = evaluator.play(at, shape -> doubled);
    if (!isDouble(twofold.g(), played.g(), 0)) {
      return Verdict.failure("the gradient of 2·L is not exactly twice the gradient of L");
    }
    if (at.flat()) {
      return Verdict.fine();
    }
    Played twice = evaluator.play(at.twice(), shape -> played.dy());
    // Composed functions add their contributions in another order when they run twice.
    double slack = at.op() != null ? 0 : rounding(at, played);
    if (!isDouble(twice.g(), played.g(), slack)) {
      return Verdict.failure(
          "the gradient of f(x) + f(x) is not exactly twice that of f(x): contributions do not add"
              + " up");
    }
    return Verdict.fine();
  }

  private Verdict laws(GradientCase at, Played played) {
    Verdict verdict = Verdict.fine();
    for (Law law : at.laws()) {
      for (Law.Balance balance : law.sums().of(at.values(), played.g())) {
        double allowed = rounding(at, played) + (16 + at.roundings()) * EPS * balance.magnitude();
        double ratio = balance.sum() == 0 ? 0 : Math.abs(balance.sum()) / allowed;
        verdict =
            verdict.and(
                Verdict.of(
                    ratio,
                    () ->
                        String.format(
                            Locale.ROOT,
                            "%s: the sum is %.3g, allowed %.3g",
                            law.name(),
                            balance.sum(),
                            allowed)));
      }
    }
    return verdict;
  }

  /**
   * What rounding leaves of a gradient that ought to vanish: it is computed from dY, of which it
   * may be a small difference.
   */
  private static double rounding(GradientCase at, Played played) {
    double from = Arrays.stream(played.dy()).map(Math::abs).sum();
    return (16 + at.roundings()) * EPS * from * Math.max(1, Math.max(at.largest(), at.scale()));
  }

  // ---- on a kink ----

  private Verdict onKink(GradientCase at, RandomStream stream) {
    Verdict verdict = Verdict.fine();
    int outputs = evaluator.value(at).length;
    for (int n = 0; n < Math.min(outputs, KINK_OUTPUTS); n++) {
      int j = outputs <= KINK_OUTPUTS ? n : stream.child("outputs").below(n, outputs);
      Played played =
          evaluator.play(
              at,
              shape -> {
                double[] one = new double[Math.toIntExact(shape.count())];
                one[j] = 1;
                return one;
              });
      if (!finite(played)) {
        return Verdict.failure("a value or a gradient is not finite on the kink");
      }
      for (int d = 0; d < KINK_DIRECTIONS; d++) {
        RandomStream choice = stream.child("v").child(n).child(d);
        double[][] v = d % 3 == 2 ? direction(at, choice) : axis(at, choice);
        verdict = verdict.and(between(at, played, v));
      }
    }
    return verdict;
  }

  private Verdict between(GradientCase at, Played played, double[][] v) {
    double h = Math.sqrt(EPS) * Math.max(1, at.largest());
    Walk near = Walk.along(at, v, h);
    Walk far = Walk.along(at, v, 2 * h);
    double analytic = dot(played.g(), near.taken);
    double right = quotient(played.dy(), near.ahead(evaluator), played.y(), h);
    double left = quotient(played.dy(), played.y(), near.behind(evaluator), h);
    double farRight = quotient(played.dy(), far.ahead(evaluator), played.y(), 2 * h);
    double farLeft = quotient(played.dy(), played.y(), far.behind(evaluator), 2 * h);
    // One-sided quotients are off by h/2·f″, which is what they change by when h doubles.
    double bend = Math.abs(farRight - right) + Math.abs(farLeft - left);
    double allowed = allowed(at, played, near.taken, h / 2) + bend;
    double below = Math.min(left, right) - analytic;
    double above = analytic - Math.max(left, right);
    double ratio = Math.max(0, Math.max(below, above)) / allowed;
    return Verdict.of(
        ratio,
        () ->
            String.format(
                Locale.ROOT,
                "on the kink: analytic %.12g does not lie between the one-sided slopes %.12g and"
                    + " %.12g",
                analytic,
                left,
                right));
  }

  // ---- arithmetic ----

  private static double allowed(GradientCase at, Played played, double[][] v, double h) {
    double least = Math.max(1, Math.max(at.largest(), at.scale()));
    double terms = 0;
    for (int j = 0; j < played.y().length; j++) {
      terms += Math.abs(played.dy()[j]) * Math.max(least, Math.abs(played.y()[j]));
    }
    double slopes = 0;
    for (int i = 0; i < v.length; i++) {
      double[] x = at.inputs().get(i).values();
      for (int k = 0; played.g()[i] != null && k < x.length; k++) {
        terms += Math.abs(played.g()[i][k] * x[k]);
        slopes += Math.abs(played.g()[i][k] * v[i][k]);
      }
    }
    double c = (16 + at.roundings()) / 2.0;
    return RELATIVE * slopes + c * EPS * terms / h;
  }

  /** Weights of either sign, 0.5 to 1.5 in size, so that every output element counts. */
  static double[] weights(Shape shape, RandomStream stream) {
    double[] w = new double[Math.toIntExact(shape.count())];
    for (int j = 0; j < w.length; j++) {
      double u = stream.uniform(j);
      w[j] = u < 0.5 ? u * 2 + 0.5 : 0.5 - u * 2;
    }
    return w;
  }

  private static double[][] direction(GradientCase at, RandomStream stream) {
    double[][] v = new double[at.inputs().size()][];
    double square = 0;
    long n = 0;
    for (int i = 0; i < v.length; i++) {
      v[i] = new double[at.inputs().get(i).values().length];
      for (int k = 0; at.inputs().get(i).wanted() && k < v[i].length; k++) {
        v[i][k] = stream.gaussian(n++);
        square += v[i][k] * v[i][k];
      }
    }
    double norm = Math.sqrt(square);
    for (double[] part : v) {
      for (int k = 0; k < part.length; k++) {
        part[k] /= norm;
      }
    }
    return v;
  }

  private static double[][] axis(GradientCase at, RandomStream stream) {
    int wanted = 0;
    for (Input input : at.inputs()) {
      wanted += input.wanted() ? input.values().length : 0;
    }
    int chosen = stream.below(0, wanted);
    for (int i = 0; ; i++) {
      Input input = at.inputs().get(i);
      int length = input.wanted() ? input.values().length : 0;
      if (chosen < length) {
        return axis(at, i, chosen);
      }
      chosen -= length;
    }
  }

  private static double[][] axis(GradientCase at, int input, int element) {
    double[][] v = new double[at.inputs().size()][];
    for (int i = 0; i < v.length; i++) {
      v[i] = new double[at.inputs().get(i).values().length];
    }
    v[input][element] = 1;
    return v;
  }

  /** (Σ w·to − Σ w·from)/h, element by element, so that the sum does not cancel. */
  private static double quotient(double[] w, double[] to, double[] from, double h) {
    double sum = 0;
    for (int j = 0; j < w.length; j++) {
      sum += w[j] * (to[j] - from[j]);
    }
    return sum / h;
  }

  static double dot(double[][] g, double[][] v) {
    double sum = 0;
    for (int i = 0; i < g.length; i++) {
      for (int k = 0; g[i] != null && k < g[i].length; k++) {
        sum += g[i][k] * v[i][k];
      }
    }
    return sum;
  }

  private static boolean isDouble(double[][] twice, double[][] once, double slack) {
    for (int i = 0; i < once.length; i++) {
      for (int k = 0; once[i] != null && k < once[i].length; k++) {
        if (!(Math.abs(twice[i][k] - 2 * once[i][k]) <= slack * (1 + Math.abs(once[i][k])))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean finite(Played played) {
    return Arrays.stream(played.y()).allMatch(Double::isFinite)
        && Arrays.stream(played.g())
            .filter(g -> g != null)
            .flatMapToDouble(Arrays::stream)
            .allMatch(Double::isFinite);
  }

  /** A step of length h to either side of a point, and the direction that rounding left of it. */
  private record Walk(GradientCase at, double[][] ahead, double[][] behind, double[][] taken) {
    static Walk along(GradientCase at, double[][] v, double h) {
      List<Input> inputs = at.inputs();
      double[][] ahead = new double[v.length][];
      double[][] behind = new double[v.length][];
      double[][] taken = new double[v.length][];
      for (int i = 0; i < v.length; i++) {
        double[] x = inputs.get(i).values();
        ahead[i] = new double[x.length];
        behind[i] = new double[x.length];
        taken[i] = new double[x.length];
        for (int k = 0; k < x.length; k++) {
          ahead[i][k] = x[k] + h * v[i][k];
          behind[i][k] = x[k] - h * v[i][k];
          taken[i][k] = (ahead[i][k] - behind[i][k]) / (2 * h);
        }
      }
      return new Walk(at, ahead, behind, taken);
    }

    double[] ahead(Evaluator evaluator) {
      return evaluator.value(at.at(ahead));
    }

    double[] behind(Evaluator evaluator) {
      return evaluator.value(at.at(behind));
    }
  }
}
