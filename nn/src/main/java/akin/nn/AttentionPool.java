package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * Makes one vector of a sample's tokens by asking them a learned question: y = W_o·attention(q, K,
 * V) with q = W_q·probe and keys and values of the tokens, then y + mlp(LN(y)): [N, T, D] → [N, D].
 *
 * <p>{@code probe} [1, 1, D]; {@code in_proj_weight} [3D, D] (rows for queries, keys, values) and
 * {@code in_proj_bias}; {@code out_proj}, {@code norm}, {@code mlp}.
 *
 * <p>Sources: Lee et al., "Set transformer", ICML 2019; Zhai et al., "Scaling vision transformers",
 * CVPR 2022.
 */
public final class AttentionPool extends Layer {
  private final int heads;
  private final Parameter probe;
  private final Parameter inWeight;
  private final Parameter inBias;
  private final Linear out;
  private final Layer norm;
  private final Layer mlp;

  /**
   * @param width D, a multiple of {@code heads}
   * @param eps of the layer norm
   * @param mlp [N, 1, D] → [N, 1, D]
   */
  public AttentionPool(int width, int heads, double eps, Layer mlp) {
    this.heads = heads;
    probe = parameter("probe", Shape.of(1, 1, width), Initializer.normal(0, 0.02));
    Initializer glorot = Initializer.xavierUniform(width, 3L * width);
    inWeight = parameter("in_proj_weight", Shape.of(3L * width, width), glorot);
    inBias = parameter("in_proj_bias", Shape.of(3L * width), Initializer.constant(0));
    out = child("out_proj", new Linear(width, width));
    norm = child("norm", new LayerNorm(eps, width));
    this.mlp = child("mlp", mlp);
  }

  @Override
  protected Tensor forward(Tensor tokens) {
    Tensor y = out.apply(ask(probe.tensor(), tokens, inWeight.tensor(), inBias.tensor(), heads));
    return y.add(mlp.apply(norm.apply(y))).flatten(1);
  }

  /**
   * Attention of one query to the tokens, before the matrix that joins the heads.
   *
   * @param probe [1, 1, D]
   * @param tokens [N, T, D]
   * @param weight [3D, D]: rows for queries, for keys, for values
   * @param bias [3D]
   * @return [N, 1, D]
   */
  public static Tensor ask(Tensor probe, Tensor tokens, Tensor weight, Tensor bias, int heads) {
    int d = probe.dim(2);
    Tensor q = probe.matmul(weight.slice(0, 0, d), false, true).add(bias.slice(0, 0, d));
    Tensor kv =
        tokens.matmul(weight.slice(0, d, 3L * d), false, true).add(bias.slice(0, d, 3L * d));
    Tensor[] asked = Attention.split(q, 1, heads);
    Tensor[] told = Attention.split(kv, 2, heads);
    return Attention.merge(Attention.of(asked[0], told[0], told[1], null));
  }
}
