package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;

/**
 * Batch normalisation per channel of X [N,C] or [N,C,H,W] with γ, β [C]: Y = act(γ·X̂ + β), X̂ = (X
 * − μ)·r, r = 1/√(σ² + eps).
 *
 * <p>In training μ and σ² are the batch's (σ² biased), and the running statistics, inputs 3 and 4,
 * are states that move by {@code momentum} towards μ and the unbiased variance. Otherwise μ and σ²
 * are the running statistics.
 *
 * <p>With G = dY·act′(γ·X̂ + β) and sums over the m = N·H·W elements of a channel: dβ = Σ G, dγ = Σ
 * G·X̂; dX = γ·r·(G − dβ/m − X̂·dγ/m) in training, γ·r·G otherwise. What the activation lets
 * through is computed again from X, so nothing is kept between.
 *
 * <p>Several batches that X joins along N are normalised in training as by one call each, in order.
 *
 * <p>Source: Ioffe and Szegedy, "Batch normalization", 2015.
 *
 * @param parts how many batches of equal size X joins; matters in training only
 * @param act what follows, in the same walk through memory
 */
public record BatchNorm(boolean training, double momentum, double eps, int parts, Activation act)
    implements Op {
  /** One batch, and nothing follows. */
  public BatchNorm(boolean training, double momentum, double eps) {
    this(training, momentum, eps, 1, Activation.IDENTITY);
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    ShapeException.check(
        x.rank() >= 2,
        () -> ShapeException.of("batch norm: two axes").with("input", x).needed("[N,C,…]"));
    for (int i = 1; i < 5; i++) {
      Shape state = in[i];
      ShapeException.check(
          state.equals(Shape.of(x.size(1))),
          () ->
              ShapeException.of("batch norm: the input's channels are not the layer's")
                  .with("input", x)
                  .with("layer", state)
                  .needed("γ, β, running mean and variance [C];  C = " + x.size(1)));
    }
    ShapeException.check(
        !training || x.size(0) % parts == 0,
        () ->
            ShapeException.of("batch norm: the joined batches differ in size")
                .with("input", x)
                .needed("N divisible by the number of batches, " + parts));
    ShapeException.check(
        !training || x.count() / parts / Math.max(1, x.size(1)) >= 2,
        () ->
            ShapeException.of("batch norm: one value per channel has no variance")
                .with("input", x)
                .needed("N·H·W ≥ 2 in training" + (parts == 1 ? "" : ", in each batch")));
    return x;
  }

  @Override
  public void forward(Context c) {
    Backend.Norm s = sizes(c.shape(0));
    Buffer mean = c.save((long) s.parts() * s.channels());
    Buffer invStd = c.save((long) s.parts() * s.channels());
    c.backend().batchNorm(c.in(0), c.in(1), c.in(2), c.in(3), c.in(4), c.out(), mean, invStd, s);
  }

  @Override
  public void backward(Context c) {
    Backend.Norm s = sizes(c.shape(0));
    Buffer dx = c.gradOrTemp();
    Buffer dGamma = c.temp(s.channels());
    Buffer dBeta = c.temp(s.channels());
    c.backend()
        .batchNormGrad(
            c.in(0), c.in(1), c.in(2), c.saved(0), c.saved(1), c.grad(), dx, dGamma, dBeta, s);
    c.accumulate(0, dx);
    c.accumulate(1, dGamma);
    c.accumulate(2, dBeta);
  }

  @Override
  public boolean pure() {
    return !training;
  }

  private Backend.Norm sizes(Shape x) {
    AxisView view = AxisView.of(x, 1);
    return new Backend.Norm(
        view.outer(), x.dim(1), view.inner(), eps, momentum, training, training ? parts : 1, act);
  }
}
