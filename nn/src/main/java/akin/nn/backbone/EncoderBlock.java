package akin.nn.backbone;

import akin.nn.Dropout;
import akin.nn.Layer;
import akin.tensor.Tensor;

/**
 * One layer of a transformer that normalises first: z = x + attention(norm x), then y = z +
 * mlp(norm z). [N,T,D] → [N,T,D]. It is told its parts, so that kinds of attention and of mlp
 * combine.
 *
 * <p>Sources: Vaswani et al., "Attention is all you need", NeurIPS 2017; Xiong et al., "On layer
 * normalization in the transformer architecture", ICML 2020. Names as in torchvision.
 */
final class EncoderBlock extends Layer {
  private final Layer norm1;
  private final Layer attention;
  private final Layer dropout;
  private final Layer norm2;
  private final Layer mlp;

  /**
   * A block of these parts.
   *
   * @param norm1 before the attention
   * @param norm2 before the mlp
   */
  EncoderBlock(Layer norm1, Layer attention, Layer norm2, Layer mlp) {
    this.norm1 = child("ln_1", norm1);
    this.attention = child("self_attention", attention);
    dropout = child("dropout", new Dropout(0));
    this.norm2 = child("ln_2", norm2);
    this.mlp = child("mlp", mlp);
  }

  @Override
  protected Tensor forward(Tensor x) {
    Tensor z = dropout.apply(attention.apply(norm1.apply(x))).add(x);
    return mlp.apply(norm2.apply(z)).add(z);
  }
}
