package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;

/**
 * A product with constant weights and what follows it, done while its sums are in registers: y =
 * act(product + bias + residual). Inputs: x, w, the bias if there is one, the residual if there is
 * one.
 */
public sealed interface Fused extends Work permits FusedConv2d, FusedMatMul {
  /** The product of a node, with its epilogue; null if it is something else. */
  static Fused of(Node node) {
    Fused conv = FusedConv2d.of(node);
    return conv == null ? FusedMatMul.of(node) : conv;
  }

  /** Whether there is a bias, input 2. */
  boolean biased();

  /** Whether there is a residual like the output, the last input. */
  boolean residual();

  /** What is applied to the sum. */
  Activation act();

  /** The same with a bias. */
  Fused withBias();

  /** The same with a residual. */
  Fused withResidual();

  /** The same with an activation. */
  Fused withActivation(Activation act);

  /**
   * Whether a shape has one number for each channel.
   *
   * @param product shape of the product
   * @param seen the shape in which the product is met, and over which {@code shape} stretches
   */
  boolean perChannel(Shape shape, Shape product, Shape seen);

  /** Whether nothing but a bias follows the product yet. */
  default boolean open() {
    return !residual() && act() == Activation.IDENTITY;
  }

  /** The epilogue in listings. */
  default String epilogue() {
    String name = (biased() ? " + bias" : "") + (residual() ? " + residual" : "");
    return act() == Activation.IDENTITY ? name : name + " · " + act();
  }
}
