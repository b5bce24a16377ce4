package akin.nn.metric.proxy;

import akin.nn.Initializer;
import akin.nn.metric.Cells;
import akin.nn.metric.LogSumExp;
import akin.nn.metric.Norm;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.op.CrossEntropy;

/**
 * Similarity along the manifold: a random walk over the N samples and the K proxies of the batch,
 *
 * <p>S_ij = e^{2[cos(i,j)]₊}, S_ii = 0, S̄ = D^{−½} S D^{−½}, F = (1 − α)(I − αS̄)⁻¹.
 *
 * <p>With f_ik = F between sample i and proxy k, and g_ik the cosine of their rows of F,
 *
 * <p>l_i = ln(1 + Σ_{k≠y, z_ik≥0} e^{z_ik}) + λ ln(1 + Σ_{k≠y, z'_ik≥0} e^{z'_ik}),
 *
 * <p>z_ik = f_ik − f_iy + m, z'_ik = g_ik − g_iy + m: proxies that are far enough behind the own
 * one count nothing (the loss jumps there, by at most ln 2). For the inverse B of A: dB = −B dA B.
 *
 * <p>The classes are the paper's K meta-classes, a merging of the data's classes by chance.
 *
 * <p>{@code proxies} [K, D]. Logits are the cosines with the proxies.
 *
 * <p>Source: Aziere and Todorovic, "Ensemble deep manifold similarity learning using hard proxies",
 * CVPR 2019.
 */
public final class ManifoldLoss extends SampleClassLoss {
  private final double lambda;
  private final double alpha;
  private final double margin;
  private final int steps;

  /**
   * @param lambda λ ≥ 0, the weight of the context; +∞ for the context alone
   * @param alpha α, 0 &lt; α &lt; 1: the probability that the walk goes on
   * @param margin m
   */
  public ManifoldLoss(int classes, int width, double lambda, double alpha, double margin) {
    super(ClassVectors.rows("proxies", classes, width), Initializer.normal(0, 1));
    if (!(lambda >= 0 && alpha > 0 && alpha < 1)) {
      throw UserError.of("ManifoldLoss cannot have λ = " + lambda + ", α = " + alpha)
          .rule("λ ≥ 0 and 0 < α < 1");
    }
    this.lambda = lambda;
    this.alpha = alpha;
    this.margin = margin;
    double goal = Math.log(1e-17) / Math.log(alpha); // αⁿ is below float64's rounding
    steps = (int) Math.max(1, Math.ceil(Math.log(goal) / Math.log(2)));
  }

  /** λ = 1, α = 0.8, m = 5e-4. */
  public static ManifoldLoss usual(int classes, int width) {
    return new ManifoldLoss(classes, width, 1, 0.8, 5e-4);
  }

  @Override
  public Tensor logits(Tensor embeddings, Tensor proxies) {
    return Norm.unitRows(embeddings).matmul(Norm.unitRows(proxies), false, true);
  }

  @Override
  Tensor losses(Tensor embeddings, Tensor proxies, int[] labels) {
    Tensor[] z = leads(embeddings, proxies, labels);
    if (lambda == 0) {
      return lnOnePlusSum(z[0]);
    }
    Tensor context = lnOnePlusSum(z[1]);
    return lambda == Double.POSITIVE_INFINITY
        ? context
        : lnOnePlusSum(z[0]).add(context.mul(lambda));
  }

  /**
   * z and z', [N, K] each: by how much other proxies are ahead of the own one, whose place holds
   * −1e30.
   */
  public Tensor[] leads(Tensor embeddings, Tensor proxies, int[] labels) {
    int n = labels.length;
    int all = n + classes();
    Tensor f = walk(Tensor.concat(0, embeddings, proxies));
    Tensor samples = f.slice(0, 0, n);
    Tensor rows = Norm.unitRows(f.slice(0, n, all));
    Tensor g = Norm.unitRows(samples).matmul(rows, false, true);
    return new Tensor[] {lead(samples.slice(1, n, all), labels), lead(g, labels)};
  }

  private Tensor lead(Tensor near, int[] labels) {
    Tensor own = own(near, labels).reshape(labels.length, 1);
    Tensor self = CrossEntropy.targets(labels, classes(), 0).mul(LogSumExp.NOTHING);
    return near.sub(own).add(margin).add(self);
  }

  /** ln(1 + Σ eᶻ) of each row over z ≥ 0. */
  private static Tensor lnOnePlusSum(Tensor z) {
    Tensor kept = Tensor.full(Shape.of(), 1).sub(Tensor.scalar(0).greater(z));
    return z.max(Tensor.scalar(0)).exp().mul(kept).sum(false, 1).log1p();
  }

  /** F [n, n] of n vectors. */
  private Tensor walk(Tensor vectors) {
    int n = vectors.dim(0);
    Tensor unit = Norm.unitRows(vectors);
    Tensor one = Cells.identity(n);
    Tensor s = unit.matmul(unit, false, true).relu().mul(2).exp();
    Tensor others = s.mul(one.neg().add(1));
    Tensor half = others.sum(true, 1).rsqrt(); // [n, 1]
    Tensor walked = others.mul(half).mul(half.reshape(1, n));
    return inverse(one.sub(walked.mul(alpha)), one).mul(1 - alpha);
  }

  /**
   * A⁻¹ for ‖I − A‖ ≤ α &lt; 1, by Newton's B ← 2B − BAB from B = I: after k steps I − AB = (I −
   * A)^(2^k). Only the last step is recorded: there B is right, and its differential −B dA B is the
   * inverse's own.
   */
  private Tensor inverse(Tensor a, Tensor one) {
    Tensor known = a.detach();
    Tensor b = one;
    for (int i = 0; i < steps; i++) {
      b = b.mul(2).sub(b.matmul(known).matmul(b));
    }
    return b.mul(2).sub(b.matmul(a).matmul(b));
  }

  /** A walk goes over all samples of the batch. */
  @Override
  public boolean ofSingleSamples() {
    return false;
  }
}
