package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Y = X·Wᵀ + b: [N, in] → [N, out]. {@code weight} [out, in] and {@code bias} [out] begin uniform
 * in ±1/√in, as PyTorch's.
 */
public class Linear extends Layer {
  private final Parameter weight;
  private final Parameter bias;

  /** With a bias. */
  public Linear(int in, int out) {
    this(in, out, true);
  }

  /**
   * @param biased whether b is there
   */
  public Linear(int in, int out, boolean biased) {
    weight = parameter("weight", Shape.of(out, in), Initializer.kaimingUniform(in, Math.sqrt(5)));
    bias = biased ? parameter("bias", Shape.of(out), Initializer.uniform(1 / Math.sqrt(in))) : null;
  }

  /** Chooses other first values; before the network is initialised. */
  public final Linear startWith(Initializer weights, Initializer biases) {
    weight.startWith(weights);
    if (bias != null) {
      bias.startWith(biases);
    }
    return this;
  }

  /** W [out, in]. */
  public final Parameter weight() {
    return weight;
  }

  /** b [out], or null. */
  public final Parameter bias() {
    return bias;
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor y = x.matmul(weight.tensor(), false, true);
    return bias == null ? y : y.add(bias.tensor());
  }
}
