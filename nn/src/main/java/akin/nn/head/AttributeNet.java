package akin.nn.head;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Initializer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.nn.Sequential;
import akin.tensor.Tensor;

/**
 * Attribute vectors to unit embeddings: [N, A] of 0 and 1 → Linear(A, width) · BatchNorm · ReLU ·
 * Linear(width, D) → [N, D], each row of length 1.
 *
 * <p>Positives and negatives share the weights: {@link #applyEach} takes both batches through it in
 * one pass. In training each batch is normalised by its own statistics.
 */
public class AttributeNet extends Sequential {
  /**
   * Sizes and first values.
   *
   * @param width width of the hidden layer
   * @param embedding D
   * @param eps of the batch norm
   * @param smallStart weights begin normal with deviation 0.01 and biases at 0, instead of
   *     PyTorch's defaults
   */
  public record Options(int width, int embedding, double eps, boolean smallStart) {
    /** 300 and 300, eps 1e-3, PyTorch's defaults. */
    public static Options standard() {
      return new Options(300, 300, 1e-3, false);
    }
  }

  /** From A numbers. */
  public AttributeNet(int inputs, Options options) {
    super(
        linear(inputs, options.width, options),
        new BatchNorm(options.width, options.eps, 0.1),
        Activation.relu(),
        linear(options.width, options.embedding, options));
  }

  private static Linear linear(int in, int out, Options options) {
    Linear linear = new Linear(in, out);
    return options.smallStart
        ? linear.startWith(Initializer.normal(0, 0.01), Initializer.constant(0))
        : linear;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return super.forward(x).normalize(1, Normalize.EPS);
  }
}
