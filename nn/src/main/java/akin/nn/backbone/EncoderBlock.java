package akin.nn.backbone;

import akin.nn.Dropout;
import akin.nn.Layer;
import akin.tensor.Tensor;

/**
 * One layer of a transformer: z = x + attention(norm x), then y = z + mlp(norm z); or, with the
 * norms behind, z = x + norm(attention x) and y = z + norm(mlp z). [N,T,D] → [N,T,D]. It is told
 * its parts, so that kinds of attention and of mlp combine.
 *
 * <p>Sources: Vaswani et al., "Attention is all you need", NeurIPS 2017; Xiong et al., "On layer
 * normalization in the transformer architecture", ICML 2020. Names as in torchvision.
 */
final class EncoderBlock extends Layer {
  private final Layer norm1;
  private final Layer attention;
  private final Layer scale1;
  private final Layer dropout;
  private final Layer norm2;
  private final Layer mlp;
  private final Layer scale2;
  private final boolean normBehind;

  /** What a block is made of; a scale may be null. */
  record Parts(Layer norm1, Layer attention, Layer scale1, Layer norm2, Layer mlp, Layer scale2) {}

  /**
   * A block of these parts.
   *
   * @param normBehind whether norms stand behind attention and mlp
   */
  EncoderBlock(Parts parts, boolean normBehind) {
    this.normBehind = normBehind;
    norm1 = child("ln_1", parts.norm1);
    attention = child("self_attention", parts.attention);
    scale1 = parts.scale1 == null ? null : child("ls_1", parts.scale1);
    dropout = child("dropout", new Dropout(0));
    norm2 = child("ln_2", parts.norm2);
    mlp = child("mlp", parts.mlp);
    scale2 = parts.scale2 == null ? null : child("ls_2", parts.scale2);
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor z = dropout.apply(branch(x, norm1, attention, scale1)).add(x);
    return branch(z, norm2, mlp, scale2).add(z);
  }

  private Tensor branch(Tensor x, Layer norm, Layer work, Layer scale) {
    Tensor y = normBehind ? norm.apply(work.apply(x)) : work.apply(norm.apply(x));
    return scale == null ? y : scale.apply(y);
  }
}
