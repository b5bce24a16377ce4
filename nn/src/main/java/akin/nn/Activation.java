package akin.nn;

import akin.tensor.Tensor;
import akin.tensor.backend.Unary;

/** A scalar function of every element; formulas and derivatives stand in {@link Unary}. */
public final class Activation extends Layer {
  private final Unary f;
  private final double a;
  private final double b;

  /** Whether it is max(x, 0). */
  final boolean relu;

  /** The same as what can be done together with a batch norm, or null. */
  final akin.tensor.backend.Activation joined;

  /** f(x; a, b). */
  public Activation(Unary f, double a, double b) {
    this.f = f;
    this.a = a;
    this.b = b;
    relu = f == Unary.RELU;
    joined = akin.tensor.backend.Activation.of(f);
  }

  /** max(x, 0). */
  public static Activation relu() {
    return new Activation(Unary.RELU, 0, 0);
  }

  /** min(max(x, 0), 6). */
  public static Activation relu6() {
    return new Activation(Unary.RELU6, 0, 0);
  }

  /** x·Φ(x). */
  public static Activation gelu() {
    return new Activation(Unary.GELU, 0, 0);
  }

  /** x·σ(x). */
  public static Activation silu() {
    return new Activation(Unary.SILU, 0, 0);
  }

  /** x·min(max(x/6 + 1/2, 0), 1). */
  public static Activation hardswish() {
    return new Activation(Unary.HARDSWISH, 0, 0);
  }

  /** 1/(1 + e⁻ˣ). */
  public static Activation sigmoid() {
    return new Activation(Unary.SIGMOID, 0, 0);
  }

  /** min(max(x/6 + 1/2, 0), 1). */
  public static Activation hardsigmoid() {
    return new Activation(Unary.HARDSIGMOID, 0, 0);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.map(f, a, b);
  }
}
