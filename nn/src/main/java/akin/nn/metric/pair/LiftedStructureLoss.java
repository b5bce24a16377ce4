package akin.nn.metric.pair;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Distance;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Pairs;
import akin.nn.metric.Terms;
import akin.nn.metric.distance.LpDistance;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lifted structure loss of each positive pair,
 *
 * <p>l(a,p) = ½·[ ln( Σ_n e^(m_n − d_an) + Σ_n e^(m_n − d_pn) ) + d_ap − m_p ]₊²,
 *
 * <p>n over the negatives of a and those of p; their mean (a pair stands there twice, hence the ½).
 * With z the bracket and q the softmax in the logarithm: ∂l/∂d_ap = [z]₊, ∂l/∂d_an = −[z]₊·q_an,
 * ∂l/∂d_pn alike. With similarities the signs turn over. Against other items, where p is no anchor,
 * only a's negatives count. A pair without negatives has 0 in place of the logarithm; without any
 * negatives all anchors are skipped.
 *
 * <p>Source: Oh Song et al., "Deep metric learning via lifted structured feature embedding", CVPR
 * 2016.
 *
 * @param negative m_n; 1 is usual
 * @param positive m_p; 0 is usual
 */
public record LiftedStructureLoss(double negative, double positive, Distance distance)
    implements Loss {
  /** m_n = 1, m_p = 0, Euclidean between normalised vectors. */
  public static LiftedStructureLoss usual() {
    return new LiftedStructureLoss(1, 0, LpDistance.euclidean());
  }

  @Override
  public List<Terms> terms(Batch batch) {
    Pairs pairs = batch.pairs();
    if (pairs.anchors().length == 0 || pairs.negatives().length == 0) {
      return List.of();
    }
    Tensor d = distance.of(batch.anchors(), batch.items());
    Tensor near = distance.farther(Cells.of(d, pairs.anchors(), pairs.positives()), positive);
    PairCells negatives = PairCells.counted(batch, pairs.negativeAnchors(), pairs.negatives());
    Tensor far = negatives.logSumExp(distance.farther(d, negative).neg());
    Tensor l = ofBoth(far, pairs, negatives, batch.own()).add(near).relu().square().div(2);
    return List.of(Terms.of(l, pairs.anchors()));
  }

  /** The logarithm for each pair: of a's sum, and of p's if p is an anchor; 0 without negatives. */
  private static Tensor ofBoth(Tensor far, Pairs pairs, PairCells negatives, boolean own) {
    int[] a = pairs.anchors();
    int none = far.dim(0);
    int[] p = IntStream.of(pairs.positives()).map(i -> own && i < none ? i : none).toArray();
    double[] some = new double[a.length];
    for (int k = 0; k < some.length; k++) {
      some[k] = negatives.has(a[k]) || p[k] < none && negatives.has(p[k]) ? 1 : 0;
    }
    Tensor nothing = Tensor.full(Shape.of(1), LogSumExp.NOTHING);
    Tensor both = Tensor.stack(1, Cells.of(far, a), Cells.of(Tensor.concat(0, far, nothing), p));
    return LogSumExp.of(both).reshape(a.length).mul(Tensor.of(Shape.of(a.length), some));
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.RELATION, Needs.MadeOf.PAIRS);
  }
}
