package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Distance;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.DotProduct;
import akin.tensor.Tensor;
import java.util.List;

/**
 * The intra-pair variance loss: pairs that are worse than the mean of their kind are drawn to it,
 *
 * <p>l(a,p) = [(1 − ε_p)·μ_p − s_ap]₊², l(a,n) = [s_an − (1 + ε_n)·μ_n]₊²,
 *
 * <p>μ the mean of s over all positive or all negative pairs; the mean of each kind, added. With z
 * the bracket and z̄ the mean of all [z]₊ of the kind: the mean's gradient is (2/P)·((1 − ε_p)·z̄ −
 * [z]₊) with respect to s_ap, and (2/P)·([z]₊ − (1 + ε_n)·z̄) to s_an, P pairs of the kind. With
 * distances the two forms change places: [d_ap − (1 + ε_p)·μ_p]₊² and [(1 − ε_n)·μ_n − d_an]₊². It
 * is used beside another loss. Either kind may be missing.
 *
 * <p>Source: Yu and Tao, "Deep metric learning with tuplet margin loss", ICCV 2019.
 *
 * @param positive ε_p; 0.01 is usual
 * @param negative ε_n; 0.01 is usual
 */
public record IntraPairVarianceLoss(double positive, double negative, Distance distance)
    implements Loss {
  /** ε_p = ε_n = 0.01, cosines. */
  public static IntraPairVarianceLoss usual() {
    return new IntraPairVarianceLoss(0.01, 0.01, DotProduct.cosine());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    return PairTerms.of(
        batch,
        distance.of(batch.anchors(), batch.items()),
        near -> beyond(near, positive, distance.similarity()),
        far -> beyond(far, negative, !distance.similarity()));
  }

  /** Squares of how far x stays below, or rises above, its mean. */
  private static Tensor beyond(Tensor x, double eps, boolean below) {
    Tensor mean = x.mean();
    Tensor z = below ? mean.mul(1 - eps).sub(x) : x.sub(mean.mul(1 + eps));
    return z.relu().square();
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }
}
