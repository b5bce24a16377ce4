package akin.nn;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;

/**
 * Self-attention: every token of [N,T,D] becomes a mixture of all tokens of its sample, in each of
 * several heads by its own measure of fit; see {@link Attention}. [N,T,D] → [N,T,D].
 *
 * <p>{@code in_proj_weight} [3D,D] (rows for queries, keys, values) begins by Glorot and Bengio's
 * rule, {@code out_proj.weight} [D,D] as a {@link Linear}; {@code in_proj_bias} [3D] and {@code
 * out_proj.bias} [D] at 0. Names are torch's.
 *
 * <p>Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
 */
public final class MultiHeadAttention extends Layer {
  private final int width;
  private final int heads;
  private final Parameter inWeight;
  private final Parameter inBias;
  private final Linear out;

  /**
   * @param width D, a multiple of {@code heads}
   */
  public MultiHeadAttention(int width, int heads) {
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "attention: the width is a multiple of the heads; " + width + " and " + heads);
    }
    this.width = width;
    this.heads = heads;
    Initializer glorot = Initializer.xavierUniform(width, 3L * width);
    inWeight = parameter("in_proj_weight", Shape.of(3L * width, width), glorot);
    inBias = parameter("in_proj_bias", Shape.of(3L * width), Initializer.constant(0));
    out = child("out_proj", new Linear(width, width));
    out.bias().startWith(Initializer.constant(0));
  }

  @Override
  protected Tensor forward(Tensor x) {
    ShapeException.check(
        x.shape().rank() == 3 && x.dim(2) == width,
        () ->
            ShapeException.of("attention: not tokens of the layer's width")
                .with("input", x.shape())
                .needed("[N, T, " + width + "]"));
    return out.apply(Attention.self(x, inWeight.tensor(), inBias.tensor(), heads));
  }
}
