package akin.nn.metric.rank;

import akin.nn.metric.Batch;
import akin.nn.metric.Cells;
import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.Terms;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import java.util.ArrayList;
import java.util.List;

/**
 * Variance, invariance, covariance: two views z, z′ [N, D] of the same samples are pulled together,
 * every coordinate is kept spread out, and coordinates are kept apart,
 *
 * <p>l = λ·mean (z − z′)² + μ[v(z) + v(z′)] + ν[c(z) + c(z′)],
 *
 * <p>v(z) = (1/2D) Σ_j [1 − √(var_j + ε)]₊, c(z) = (1/D) Σ_{i≠j} C_ij², var and C the variances and
 * covariances over the batch, divided by N − 1.
 *
 * <p>∂v/∂z = −(z − z̄)/(2D(N − 1)√(var + ε)) where the hinge is open, ∂c/∂z = 4/(D(N − 1))·(z −
 * z̄)·(C − diag C). No vector is normalised, no negatives are needed. One sample has no variance: v
 * and c are left out.
 *
 * <p>Source: Bardes, Ponce, LeCun, "VICReg", ICLR 2022.
 *
 * @param invariance λ; 25 is usual
 * @param variance μ; 25 is usual
 * @param covariance ν; 1 is usual
 * @param eps ε; 1e-4 is usual
 */
public record VicRegLoss(double invariance, double variance, double covariance, double eps)
    implements Loss {
  /** λ = 25, μ = 25, ν = 1, ε = 1e-4. */
  public static VicRegLoss usual() {
    return new VicRegLoss(25, 25, 1, 1e-4);
  }

  @Override
  public List<Terms> terms(Batch batch) {
    check(batch);
    Tensor z = batch.anchors();
    Tensor other = batch.items();
    List<Terms> terms = new ArrayList<>();
    Tensor apart = z.sub(other).square().mean(false, 1);
    terms.add(Terms.ofEach(apart.mul(invariance)));
    if (batch.size() > 1) {
      spread(z, terms);
      spread(other, terms);
    }
    return terms;
  }

  /** μ/2·[1 − √(var + ε)]₊ of every coordinate of one view, and ν·c. */
  private void spread(Tensor z, List<Terms> terms) {
    int d = z.dim(1);
    Tensor centred = z.sub(z.mean(true, 0));
    Tensor c = centred.matmul(centred, true, false).div(z.dim(0) - 1);
    Tensor diagonal = Cells.identity(d);
    Tensor var = c.mul(diagonal).sum(false, 1);
    terms.add(Terms.ofBatch(var.add(eps).sqrt().neg().add(1).relu().mul(variance / 2)));
    Tensor mixed = c.mul(diagonal.neg().add(1)).square();
    terms.add(Terms.ofBatch(mixed.sum().mul(covariance / d).reshape(1)));
  }

  private static void check(Batch batch) {
    if (batch.within() || !batch.relation().areViews()) {
      throw UserError.of("VICReg has no two views to compare")
          .rule("it takes two views of each sample: item i is the only positive of anchor i")
          .mend("give Batch.of(view, otherView, Relation.ofViews(N))");
    }
  }

  @Override
  public Needs needs() {
    return new Needs(Needs.Supervision.VIEWS, Needs.MadeOf.BATCH).ofNoSample();
  }
}
