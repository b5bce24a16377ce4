package akin.nn.metric.reduce;

import akin.nn.metric.Cells;
import akin.nn.metric.Norm;
import akin.nn.metric.Regularizer;
import akin.tensor.Tensor;

/**
 * The mean over all vectors of the largest cosine with another one: asks class vectors to lie
 * apart. Only the nearest other has a gradient; equally near ones share it. Between −1 and 1; 0 of
 * a single vector.
 *
 * <p>Source: Zhao et al., "RegularFace: deep face recognition via exclusive regularization", CVPR
 * 2019.
 */
public record RegularFaceRegularizer() implements Regularizer {
  private static final double BEHIND = -4; // no cosine, so a vector is not its own nearest

  @Override
  public Tensor of(Tensor vectors) {
    int n = vectors.dim(0);
    if (n == 1) {
      return vectors.sum().mul(0);
    }
    Tensor unit = Norm.unitRows(vectors);
    Tensor cosines = unit.matmul(unit, false, true);
    return cosines.add(Cells.identity(n).mul(BEHIND)).amax(false, 1).mean();
  }
}
