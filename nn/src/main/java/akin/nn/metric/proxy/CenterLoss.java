package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.Parameter;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Update;

/**
 * Softmax of a linear layer, and a pull to the centre of the class: l = −ln(e^{x·w_y} / Σ_j
 * e^{x·w_j}) + λ/2 ‖x − c_y‖². The second part's gradient is λ(x − c_y); the centres have none.
 *
 * <p>Centres move by a rule of their own, after every training pass: with the n_j samples of class
 * j in it, c_j ← c_j − α·Σ_{y=j}(c_j − x)/(1 + n_j).
 *
 * <p>{@code W} [D, C] are the layer's weights, without a bias; the centres are the buffer {@code
 * centers} [C, D], at first 0.
 *
 * <p>Source: Wen et al., "A discriminative feature learning approach for deep face recognition",
 * ECCV 2016.
 */
public final class CenterLoss extends SampleClassLoss {
  private final double lambda;
  private final double alpha;
  private final Parameter centers;

  /**
   * @param lambda λ
   * @param alpha α, 0 … 1
   */
  public CenterLoss(int classes, int width, double lambda, double alpha) {
    super(
        ClassVectors.columns("W", classes, 1, width),
        Initializer.kaimingUniform(width, Math.sqrt(5)));
    this.lambda = lambda;
    this.alpha = alpha;
    centers = buffer("centers", Shape.of(classes, width), 0);
  }

  /** λ = 2e-4, α = 0.05. */
  public static CenterLoss usual(int classes, int width) {
    return new CenterLoss(classes, width, 2e-4, 0.05);
  }

  /** The centres [C, D]. */
  public Parameter centers() {
    return centers;
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor vectors) {
    return embeddings.matmul(vectors);
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor vectors, int[] labels) {
    Tensor own = centers.tensor().gatherRows(labels);
    if (training()) {
      move(embeddings.detach(), own, labels);
    }
    return losses(embeddings, vectors, labels, own);
  }

  /** [N] with given centres of each sample, [N, D]. */
  public Tensor losses(Tensor embeddings, Tensor vectors, int[] labels, Tensor own) {
    Tensor pull = embeddings.sub(own).square().sum(false, 1).mul(lambda / 2);
    return crossEntropy(logits(embeddings, vectors), labels).add(pull);
  }

  private void move(Tensor embeddings, Tensor own, int[] labels) {
    double[] count = new double[classes()];
    for (int label : labels) {
      count[label]++;
    }
    double[] share = new double[labels.length];
    for (int i = 0; i < share.length; i++) {
      share[i] = 1 / (1 + count[labels[i]]);
    }
    Tensor away = own.sub(embeddings).mul(Tensor.of(Shape.of(share.length, 1), share));
    Tensor step = away.scatterAddRows(labels, classes());
    centers.tensor().update(Update.sgd(alpha, 0, 0, false, 0, 1), step, null, null);
  }
}
