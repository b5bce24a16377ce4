package akin.nn.metric;

import akin.tensor.Tensor;
import akin.tensor.backend.Unary;

/**
 * The normalised temperature-scaled cross-entropy (InfoNCE): for every anchor a and positive p,
 *
 * <p>l(a,p) = −ln( e^(s_ap/τ) / (e^(s_ap/τ) + Σ_n e^(s_an/τ)) ) = softplus(ln Σ_n e^(s_an/τ) −
 * s_ap/τ),
 *
 * <p>s the cosine, n over the anchor's negatives; the mean over all pairs (a, p). With q the
 * softmax in the formula: ∂l/∂s_ap = (q_p − 1)/τ, ∂l/∂s_an = q_n/τ. A pair whose anchor has no
 * negative adds 0.
 *
 * <p>Source: Sohn, "Improved deep metric learning with multi-class N-pair loss", NIPS 2016; Chen et
 * al., "A simple framework for contrastive learning", ICML 2020.
 *
 * @param temperature τ; 0.07 is common
 */
public record NTXentLoss(double temperature) implements LabelLoss {
  private static final double EPS = 1e-12;

  @Override
  public LossValue of(Tensor embeddings, int[] labels) {
    AnchorSets sets = new AnchorSets(Batch.of(embeddings, labels).relation(), false);
    if (sets.used() == 0) {
      return LossValue.nothing(embeddings, sets.skipped());
    }
    Tensor unit = embeddings.normalize(1, EPS);
    Tensor s = unit.matmul(unit, false, true).div(temperature);
    Tensor near = sets.positives(s, AnchorSets.BIG); // filling: softplus(−∞) = 0
    Tensor far = LogSumExp.of(sets.negatives(s, -AnchorSets.BIG));
    Tensor l = far.sub(near).map(Unary.SOFTPLUS, 1, 40);
    return new LossValue(l.sum().div(sets.pairs()), sets.used(), sets.skipped());
  }
}
