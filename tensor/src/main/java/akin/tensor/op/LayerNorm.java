package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;

/**
 * Layer normalisation over the trailing axes of X that γ and β have: Y = γ·X̂ + β, X̂ = (X − μ)·r,
 * r = 1/√(σ² + eps), where μ and σ² (biased) are those of the row.
 *
 * <p>dβ = Σ dY, dγ = Σ dY·X̂ over rows; dX = r·(G − mean(G) − X̂·mean(G·X̂)) with G = γ·dY, means
 * over the row.
 *
 * <p>Source: Ba, Kiros, Hinton, "Layer normalization", 2016.
 */
public record LayerNorm(double eps) implements Op {
  @Override
  public Shape shape(Shape... in) {
    int first = in[0].rank() - in[1].rank();
    boolean fits = first >= 0 && in[1].rank() > 0 && in[2].equals(in[1]);
    for (int i = 0; fits && i < in[1].rank(); i++) {
      fits = in[0].size(first + i) == in[1].size(i);
    }
    ShapeException.check(
        fits,
        () ->
            ShapeException.of("layer norm: γ and β are not like the input's last axes")
                .with("input", in[0])
                .with("gamma", in[1])
                .with("beta", in[2])
                .needed("γ and β shaped as the axes to normalise"));
    return in[0];
  }

  @Override
  public void forward(Context c) {
    int width = width(c);
    long rows = rows(c);
    Buffer mean = c.save(rows);
    Buffer invStd = c.save(rows);
    c.backend().layerNorm(c.in(0), c.in(1), c.in(2), c.out(), mean, invStd, rows, width, eps);
  }

  @Override
  public void backward(Context c) {
    int width = width(c);
    Buffer dx = c.temp(c.shape(0).count());
    Buffer dGamma = c.temp(width);
    Buffer dBeta = c.temp(width);
    c.backend()
        .layerNormGrad(
            c.in(0), c.in(1), c.saved(0), c.saved(1), c.grad(), dx, dGamma, dBeta, rows(c), width);
    c.accumulate(0, dx);
    c.accumulate(1, dGamma);
    c.accumulate(2, dBeta);
  }

  private static int width(Context c) {
    return Math.toIntExact(c.shape(1).count());
  }

  private static long rows(Context c) {
    return c.shape(0).product(0, c.shape(0).rank() - c.shape(1).rank());
  }
}
