package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.metric.Norm;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;

/**
 * Neighbourhood components with a proxy for each class: with d_j the squared distance of the
 * normalised embedding and the normalised proxy of class j,
 *
 * <p>l = −ln(e^{−s d_y} / Σ_j e^{−s d_j}), ∂l/∂d_j = s([j = y] − p_j).
 *
 * <p>The sum is over all proxies, the own one too; so the loss is never below 0.
 *
 * <p>{@code proxies} [C, D].
 *
 * <p>Source: Movshovitz-Attias et al., "No fuss distance metric learning using proxies", ICCV 2017;
 * with all proxies in the sum: Teh et al., "ProxyNCA++", ECCV 2020.
 */
public final class ProxyNcaLoss extends SampleClassLoss {
  private final double scale;

  /**
   * @param scale s
   */
  public ProxyNcaLoss(int classes, int width, double scale) {
    super(ClassVectors.rows("proxies", classes, width), Initializer.normal(0, 1));
    this.scale = scale;
  }

  /** s = 1. */
  public static ProxyNcaLoss usual(int classes, int width) {
    return new ProxyNcaLoss(classes, width, 1);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor proxies) {
    Tensor near = Norm.unitRows(proxies);
    return Norm.unitRows(embeddings).distances(near, Distance.SQUARED).mul(-scale);
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor proxies, int[] labels) {
    return crossEntropy(logits(embeddings, proxies), labels);
  }
}
