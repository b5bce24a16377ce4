package akin.nn.head;

import akin.nn.Activation;
import akin.nn.BatchNorm;
import akin.nn.Dropout;
import akin.nn.Layer;
import akin.nn.Linear;
import akin.nn.Normalize;
import akin.nn.Sequential;
import akin.tensor.Tensor;

/**
 * Features to unit embeddings through a hidden layer: [N, F] → Dropout · Linear(F, hidden) ·
 * BatchNorm · ReLU · Dropout · Linear(hidden, D) → [N, D], each row of length 1.
 */
public final class HiddenHead extends Sequential {
  /**
   * Sizes.
   *
   * @param hidden width of the hidden layer
   * @param embedding D
   * @param dropout probability of losing a number before each linear layer
   */
  public record Options(int hidden, int embedding, double dropout) {
    /** 512 hidden, 300 numbers, dropout 0.2. */
    public static Options standard() {
      return new Options(512, 300, 0.2);
    }
  }

  /** From F features. */
  public HiddenHead(int features, Options options) {
    super(layers(features, options));
  }

  /** The same layers, with rows of any length: for losses that learn from lengths. */
  public static Sequential unscaled(int features, Options options) {
    return new Sequential(layers(features, options));
  }

  private static Layer[] layers(int features, Options options) {
    return new Layer[] {
      new Dropout(options.dropout),
      new Linear(features, options.hidden),
      new BatchNorm(options.hidden),
      Activation.relu(),
      new Dropout(options.dropout),
      new Linear(options.hidden, options.embedding)
    };
  }

  @Override
  protected Tensor forward(Tensor x) {
    return super.forward(x).normalize(1, Normalize.EPS);
  }
}
