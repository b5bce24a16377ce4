package akin.tensor.backend;

/**
 * Scalar functions of two arguments y = f(a, b), each with its partial derivatives. The lambdas are
 * the definition; see {@link Unary}.
 */
public enum Binary {
  /** y = a + b. */
  ADD((a, b) -> a + b, (a, b, y) -> 1, (a, b, y) -> 1),
  /** y = a − b. */
  SUB((a, b) -> a - b, (a, b, y) -> 1, (a, b, y) -> -1),
  /** y = a·b. */
  MUL((a, b) -> a * b, (a, b, y) -> b, (a, b, y) -> a),
  /** y = a/b. */
  DIV((a, b) -> a / b, (a, b, y) -> 1 / b, (a, b, y) -> -y / b),
  /** y = aᵇ, a > 0 unless b is whole; ∂y/∂b = aᵇ·ln a, and 0 where a = 0 and b ≥ 0. */
  POW(
      Math::pow,
      (a, b, y) -> b == 0 ? 0 : b * Math.pow(a, b - 1),
      (a, b, y) -> a == 0 && b >= 0 ? 0 : y * Math.log(a)),
  /** y = max(a, b); a tie shares the gradient equally. */
  MAX(
      Math::max,
      (a, b, y) -> a > b ? 1 : a == b ? 0.5 : 0,
      (a, b, y) -> b > a ? 1 : a == b ? 0.5 : 0),
  /** y = min(a, b); a tie shares the gradient equally. */
  MIN(
      Math::min,
      (a, b, y) -> a < b ? 1 : a == b ? 0.5 : 0,
      (a, b, y) -> b < a ? 1 : a == b ? 0.5 : 0),
  /** y = 1 if a = b, else 0; no gradient. */
  EQUAL((a, b) -> a == b ? 1 : 0, (a, b, y) -> 0, (a, b, y) -> 0),
  /** y = 1 if a &gt; b, else 0; no gradient. */
  GREATER((a, b) -> a > b ? 1 : 0, (a, b, y) -> 0, (a, b, y) -> 0);

  /** f(a, b). */
  @FunctionalInterface
  public interface Value {
    /** The function's value. */
    double at(double a, double b);
  }

  /** A partial derivative at (a, b), which may use y = f(a, b). */
  @FunctionalInterface
  public interface Slope {
    /** The partial derivative. */
    double at(double a, double b, double y);
  }

  private final Value value;
  private final Slope slopeA;
  private final Slope slopeB;

  Binary(Value value, Slope slopeA, Slope slopeB) {
    this.value = value;
    this.slopeA = slopeA;
    this.slopeB = slopeB;
  }

  /** f(a, b) in float64. */
  public double value(double a, double b) {
    return value.at(a, b);
  }

  /** ∂f/∂a where y = f(a, b). */
  public double slopeA(double a, double b, double y) {
    return slopeA.at(a, b, y);
  }

  /** ∂f/∂b where y = f(a, b). */
  public double slopeB(double a, double b, double y) {
    return slopeB.at(a, b, y);
  }

  /** Whether the derivative is zero everywhere: a comparison. */
  public boolean flat() {
    return this == EQUAL || this == GREATER;
  }
}
