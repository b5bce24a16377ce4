package akin.nn;

import akin.tensor.Tensor;

/** Puts the axes into another order: axis k of the result is axis order[k] of the input. */
public final class Permute extends Layer {
  private final int[] order;

  /** Every axis once. */
  public Permute(int... order) {
    this.order = order.clone();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.permute(order);
  }
}
