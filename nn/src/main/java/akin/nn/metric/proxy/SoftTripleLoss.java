package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.tensor.Tensor;

/**
 * Several centres for each class, chosen softly: with c_jk the cosine of the embedding and centre k
 * of class j,
 *
 * <p>s_j = Σ_k q_jk c_jk, q_j = softmax_k(c_jk/γ), l = −ln(e^{λ(s_y − δ)} / (e^{λ(s_y − δ)} +
 * Σ_{j≠y} e^{λ s_j})).
 *
 * <p>∂l/∂s_j = λ(p_j − [j = y]), ∂s_j/∂c_jk = q_jk(1 + (c_jk − s_j)/γ). Published with the
 * {@linkplain akin.nn.metric.reduce.SparseCentersRegularizer regulariser} that merges centres,
 * weight 0.2.
 *
 * <p>{@code fc} [D, C·K]: the centres of class c are columns c·K … c·K + K − 1. Logits are λ·s.
 *
 * <p>Source: Qian et al., "SoftTriple loss: deep metric learning without triplet sampling", ICCV
 * 2019.
 */
public final class SoftTripleLoss extends SampleClassLoss {
  private final double lambda;
  private final double gamma;
  private final double margin;

  /**
   * @param centers K
   * @param lambda λ
   * @param gamma γ
   * @param margin δ
   */
  public SoftTripleLoss(
      int classes, int width, int centers, double lambda, double gamma, double margin) {
    super(
        ClassVectors.columns("fc", classes, centers, width),
        Initializer.kaimingUniform((long) classes * centers, Math.sqrt(5)));
    this.lambda = lambda;
    this.gamma = gamma;
    this.margin = margin;
  }

  /** K = 10, λ = 20, γ = 0.1, δ = 0.01. */
  public static SoftTripleLoss usual(int classes, int width) {
    return new SoftTripleLoss(classes, width, 10, 20, 0.1, 0.01);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor centers) {
    return similarities(embeddings, centers).mul(lambda);
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor centers, int[] labels) {
    Tensor s = similarities(embeddings, centers);
    Tensor margined = replaced(s, labels, own -> own.sub(margin));
    return crossEntropy(margined.mul(lambda), labels);
  }

  /** s [N, C]. */
  private Tensor similarities(Tensor embeddings, Tensor centers) {
    Tensor c = allCosines(embeddings, centers);
    Tensor grouped = c.reshape(c.dim(0), classes(), each());
    return grouped.mul(grouped.div(gamma).softmax(2)).sum(false, 2);
  }
}
