package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.tensor.Tensor;

/**
 * Cross-entropy of s·z, where z are the cosines of an embedding and the class vectors, made worse
 * for the sample's own class by a margin: l = −ln(e^{s z_y} / Σ_j e^{s z_j}). With p =
 * softmax(s·z): ∂l/∂z_j = s(p_j − [j = y]). A class with several vectors has the cosine of the
 * nearest.
 *
 * <p>{@code W} [D, C·k] holds the class vectors as columns. Evaluation has s·cosine for logits.
 */
abstract class MarginSoftmaxLoss extends SampleClassLoss {
  private final double scale;

  /** With directions drawn as pytorch-metric-learning does; of length √D, they turn slowly. */
  MarginSoftmaxLoss(ClassVectors kept, double scale) {
    this(kept, scale, Initializer.normal(0, 1));
  }

  MarginSoftmaxLoss(ClassVectors kept, double scale, Initializer first) {
    super(kept, first);
    this.scale = scale;
  }

  /** s. */
  public final double scale() {
    return scale;
  }

  /** [N, D], [D, C·k] → [N, C]: the cosine with the nearest vector of each class. */
  public final Tensor cosines(Tensor embeddings, Tensor vectors) {
    Tensor all = allCosines(embeddings, vectors);
    return each() == 1 ? all : all.reshape(all.dim(0), classes(), each()).amax(false, 2);
  }

  /** Cosines [N, C] with the margin put in, where the sample's own class is. */
  abstract Tensor margined(Tensor cosines, int[] labels);

  /** What makes logits of cosines with or without a margin. */
  Tensor scaled(Tensor cosines, Tensor embeddings, Tensor vectors) {
    return cosines.mul(scale);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor vectors) {
    return scaled(cosines(embeddings, vectors), embeddings, vectors);
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor vectors, int[] labels) {
    Tensor cosines = margined(cosines(embeddings, vectors), labels);
    return crossEntropy(scaled(cosines, embeddings, vectors), labels);
  }
}
