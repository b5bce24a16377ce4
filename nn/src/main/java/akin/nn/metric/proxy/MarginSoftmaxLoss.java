package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.metric.Cells;
import akin.tensor.Tensor;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

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

  MarginSoftmaxLoss(ClassVectors kept, double scale) {
    // Only directions count; as long vectors turn slowly, their length is a matter of the rate.
    super(kept, Initializer.normal(0, 1));
    this.scale = scale;
  }

  /** s. */
  public final double scale() {
    return scale;
  }

  /** [N, D], [D, C·k] → [N, C]: the cosine with the nearest vector of each class. */
  public final Tensor cosines(Tensor embeddings, Tensor vectors) {
    Tensor all = all(embeddings, vectors);
    return each() == 1 ? all : all.reshape(all.dim(0), classes(), each()).amax(false, 2);
  }

  /** [N, C·k]: the cosine with every vector. */
  static Tensor all(Tensor embeddings, Tensor vectors) {
    return embeddings.normalize(1, EPS).matmul(vectors.normalize(0, EPS));
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

  /** The cosines with the own classes: [N, C] → [N]. */
  static Tensor own(Tensor cosines, int[] labels) {
    return Cells.of(cosines, rows(labels), labels);
  }

  /** Cosines [N, C] with f of those of the own classes in their place. */
  static Tensor replaced(Tensor cosines, int[] labels, UnaryOperator<Tensor> f) {
    Tensor own = own(cosines, labels);
    return Cells.add(cosines, f.apply(own).sub(own), rows(labels), labels);
  }

  private static int[] rows(int[] labels) {
    return IntStream.range(0, labels.length).toArray();
  }
}
