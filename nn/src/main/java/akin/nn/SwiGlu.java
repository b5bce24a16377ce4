package akin.nn;

import akin.tensor.Tensor;

/**
 * A gated pair of matrices: y = W₃·LN(silu(a)·b), where a and b are the halves of W₀·x: [.., D] →
 * [.., D], with F numbers between; the layer norm may be left away. {@code 0} is D → 2F (rows of
 * the gate first), {@code norm}, {@code 3} is F → D.
 *
 * <p>Source: Shazeer, "GLU variants improve transformer", 2020; the inner norm: Fang et al.,
 * "EVA-02", 2023.
 */
public final class SwiGlu extends Layer {
  private final Linear in;
  private final Layer norm;
  private final Linear out;

  /**
   * @param width D
   * @param hidden F
   * @param eps of the inner layer norm, or 0 for none
   */
  public SwiGlu(int width, int hidden, double eps) {
    in = child("0", new Linear(width, 2 * hidden));
    norm = eps == 0 ? null : child("norm", new LayerNorm(eps, hidden));
    out = child("3", new Linear(hidden, width));
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = gated(in.apply(x));
    return out.apply(norm == null ? y : norm.apply(y));
  }

  /** silu(a)·b of the halves of the last axis: [.., 2F] → [.., F]. */
  public static Tensor gated(Tensor x) {
    int last = x.shape().rank() - 1;
    int half = x.dim(last) / 2;
    return x.slice(last, 0, half).silu().mul(x.slice(last, half, 2L * half));
  }
}
