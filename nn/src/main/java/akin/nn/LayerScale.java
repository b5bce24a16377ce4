package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Multiplies each channel, the last axis, by a number that is learned: y = γ·x. {@code gamma} [C]
 * begins at 1e-5.
 *
 * <p>Source: Touvron et al., "Going deeper with image transformers", ICCV 2021.
 */
public final class LayerScale extends Layer {
  private final Parameter gamma;

  /** For C channels. */
  public LayerScale(int channels) {
    gamma = parameter("gamma", Shape.of(channels), Initializer.constant(1e-5));
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.mul(gamma.tensor());
  }
}
