package akin.tensor.backend;

/**
 * Scalar functions y = f(x), some with parameters {@code a} and {@code b}, each with its derivative
 * and its kinks. The lambdas are the definition (the reference backend evaluates them in float64);
 * other backends have their own loops and are compared with them.
 *
 * <p>At a kink the derivative is one of the one-sided slopes or lies between them, as in PyTorch.
 */
public enum Unary {
  /** y = −x. */
  NEG((x, a, b) -> -x, (x, y, a, b) -> -1),
  /** y = |x|; slope 0 at 0. */
  ABS((x, a, b) -> Math.abs(x), (x, y, a, b) -> Math.signum(x), 0),
  /** y = x². */
  SQUARE((x, a, b) -> x * x, (x, y, a, b) -> 2 * x),
  /** y = √x, x ≥ 0. */
  SQRT((x, a, b) -> Math.sqrt(x), (x, y, a, b) -> 0.5 / y, 0.05, 4, new double[0]),
  /** y = 1/√x, x > 0. */
  RSQRT((x, a, b) -> 1 / Math.sqrt(x), (x, y, a, b) -> -0.5 * y / x, 0.1, 4, new double[0]),
  /** y = 1/x, x ≠ 0. */
  RECIPROCAL((x, a, b) -> 1 / x, (x, y, a, b) -> -y * y, 0.2, 3, new double[0]),
  /** y = xᵃ, x > 0 unless a is whole. */
  POW(
      (x, a, b) -> Math.pow(x, a),
      (x, y, a, b) -> a == 0 ? 0 : a * Math.pow(x, a - 1),
      0.2,
      3,
      new double[0]),
  /** y = eˣ. */
  EXP((x, a, b) -> Math.exp(x), (x, y, a, b) -> y),
  /** y = ln x, x > 0. */
  LOG((x, a, b) -> Math.log(x), (x, y, a, b) -> 1 / x, 0.1, 4, new double[0]),
  /** y = ln(1 + x), x > −1. */
  LOG1P((x, a, b) -> Math.log1p(x), (x, y, a, b) -> 1 / (1 + x), -0.8, 3, new double[0]),
  /** y = sin x. */
  SIN((x, a, b) -> Math.sin(x), (x, y, a, b) -> Math.cos(x)),
  /** y = cos x. */
  COS((x, a, b) -> Math.cos(x), (x, y, a, b) -> -Math.sin(x)),
  /** y = arccos x, |x| &lt; 1; the slope −1/√(1 − x²) explodes at ±1, so clamp before. */
  ACOS(
      (x, a, b) -> Math.acos(x),
      (x, y, a, b) -> -1 / Math.sqrt(1 - x * x),
      -0.95,
      0.95,
      new double[0]),
  /** y = erf x = 2/√π ∫₀ˣ e^(−t²) dt. */
  ERF((x, a, b) -> Erf.erf(x), (x, y, a, b) -> 2 / Math.sqrt(Math.PI) * Math.exp(-x * x)),
  /** y = 1/(1 + e⁻ˣ). */
  SIGMOID((x, a, b) -> sigmoid(x), (x, y, a, b) -> y * (1 - y)),
  /** y = tanh x. */
  TANH((x, a, b) -> Math.tanh(x), (x, y, a, b) -> 1 - y * y),
  /** y = ln(1 + e^(a·x))/a, and y = x where a·x &gt; b; PyTorch's defaults: a = 1, b = 20. */
  SOFTPLUS(
      (x, a, b) -> a * x > b ? x : softplus(a * x) / a,
      (x, y, a, b) -> a * x > b ? 1 : sigmoid(a * x)),
  /** y = max(x, 0); slope 0 at 0. */
  RELU((x, a, b) -> x > 0 ? x : keepNaN(x), (x, y, a, b) -> x > 0 ? 1 : 0, 0),
  /** y = min(max(x, 0), 6); slope 0 at both corners. */
  RELU6(
      (x, a, b) -> x > 6 ? 6 : x > 0 ? x : keepNaN(x),
      (x, y, a, b) -> x > 0 && x < 6 ? 1 : 0,
      0,
      6),
  /** y = x for x &gt; 0, else a·x; slope a at 0. */
  LEAKY_RELU((x, a, b) -> x > 0 ? x : a * x, (x, y, a, b) -> x > 0 ? 1 : a, 0),
  /** y = x·Φ(x) = x/2·(1 + erf(x/√2)), the exact form. */
  GELU(
      (x, a, b) -> x * phi(x),
      (x, y, a, b) -> phi(x) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)),
  /** y = x/2·(1 + tanh(√(2/π)(x + 0.044715x³))). */
  GELU_TANH(
      (x, a, b) -> 0.5 * x * (1 + Math.tanh(geluArgument(x))),
      (x, y, a, b) -> {
        double t = Math.tanh(geluArgument(x));
        double slope = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope;
      }),
  /** y = x·σ(x). */
  SILU(
      (x, a, b) -> x * sigmoid(x),
      (x, y, a, b) -> {
        double s = sigmoid(x);
        return s + x * s * (1 - s);
      }),
  /** y = min(max(x/6 + 1/2, 0), 1); slope 0 at both corners. */
  HARDSIGMOID(
      (x, a, b) -> Math.min(Math.max(x / 6 + 0.5, 0), 1),
      (x, y, a, b) -> x > -3 && x < 3 ? 1.0 / 6 : 0,
      -3,
      3),
  /** y = x·hardsigmoid(x). */
  HARDSWISH(
      (x, a, b) -> x * Math.min(Math.max(x / 6 + 0.5, 0), 1),
      (x, y, a, b) -> x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1,
      -3,
      3),
  /** y = min(max(x, a), b); slope 1 on both corners. */
  CLAMP(
      (x, a, b) -> Math.min(Math.max(x, a), b),
      (x, y, a, b) -> x >= a && x <= b ? 1 : 0,
      Double.NaN);

  /** f(x; a, b). */
  @FunctionalInterface
  public interface Value {
    /** The function's value. */
    double at(double x, double a, double b);
  }

  /** f′(x; a, b), which may use y = f(x). */
  @FunctionalInterface
  public interface Slope {
    /** The derivative. */
    double at(double x, double y, double a, double b);
  }

  private final Value value;
  private final Slope slope;
  private final double low;
  private final double high;
  private final double[] kinks;

  Unary(Value value, Slope slope, double... kinks) {
    this(value, slope, -4, 4, kinks);
  }

  Unary(Value value, Slope slope, double low, double high, double[] kinks) {
    this.value = value;
    this.slope = slope;
    this.low = low;
    this.high = high;
    this.kinks = kinks;
  }

  /** f(x; a, b) in float64. */
  public double value(double x, double a, double b) {
    return value.at(x, a, b);
  }

  /** df/dx at x, where y = f(x). */
  public double slope(double x, double y, double a, double b) {
    return slope.at(x, y, a, b);
  }

  /** The lowest argument that checks draw; the domain may be wider. */
  public double low() {
    return low;
  }

  /** The highest argument that checks draw. */
  public double high() {
    return high;
  }

  /** Arguments where the slope jumps. */
  public double[] kinks(double a, double b) {
    return this == CLAMP ? new double[] {a, b} : kinks.clone();
  }

  private static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double phi(double x) {
    return 0.5 * Erf.erfc(-x / Math.sqrt(2));
  }

  private static double geluArgument(double x) {
    return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  private static double keepNaN(double x) {
    return Double.isNaN(x) ? x : 0;
  }
}
