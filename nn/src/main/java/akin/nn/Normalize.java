package akin.nn;

import akin.tensor.Tensor;

/** Scales each row of [N, D] to length 1: x/max(‖x‖₂, 1e-12). */
public final class Normalize extends Layer {
  /** The eps of PyTorch's {@code normalize}. */
  public static final double EPS = 1e-12;

  @Override
  protected Tensor forward(Tensor x) {
    return x.normalize(1, EPS);
  }
}
