package akin.nn.head;

import akin.nn.Linear;
import akin.nn.Normalize;
import akin.tensor.Tensor;

/** Features to unit embeddings: [N, F] → Linear → [N, D], each row of length 1. */
public final class EmbeddingHead extends Linear {
  /** From F features to D numbers; the seed system has D = 300. */
  public EmbeddingHead(int features, int embedding) {
    super(features, embedding);
  }

  @Override
  protected Tensor forward(Tensor x) {
    return super.forward(x).normalize(1, Normalize.EPS);
  }
}
