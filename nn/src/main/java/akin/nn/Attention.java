package akin.nn;

import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Attention without weights of its own, and the heads that it is split into: what {@link
 * MultiHeadAttention} and its kin are composed of.
 *
 * <p>Source: Vaswani et al., "Attention is all you need", NeurIPS 2017.
 */
public final class Attention {
  private Attention() {}

  /**
   * softmax(Q·Kᵀ/√d + B)·V: every query takes the mean of the values, weighted by how well their
   * keys fit. The small factor is multiplied into Q, which is smaller than the scores.
   *
   * @param q queries [.., T, d]
   * @param k keys [.., S, d]
   * @param v values [.., S, w]
   * @param bias B, added to the scores [.., T, S], stretched as it needs; −∞ hides a key; or null
   * @return [.., T, w]
   */
  public static Tensor of(Tensor q, Tensor k, Tensor v, Tensor bias) {
    Tensor scores = q.mul(1 / Math.sqrt(q.dim(-1))).matmul(k, false, true);
    return (bias == null ? scores : scores.add(bias)).softmax(-1).matmul(v);
  }

  /**
   * Self-attention of many heads, up to the matrix that joins them: X [N,T,D] → [N,T,D]. One matrix
   * makes queries, keys and values; head i takes their columns i·D/heads and so on.
   *
   * @param weight [3D,D]: rows for queries, for keys, for values
   * @param bias [3D]
   * @param turn what is done to queries and keys [N,heads,T,D/heads], such as {@link Rotary#turn}
   * @param scores what queries [N,heads,T,D/heads] add to the scores [N,heads,T,T], such as {@link
   *     RelativePositions}; or null
   */
  public static Tensor self(
      Tensor x,
      Tensor weight,
      Tensor bias,
      int heads,
      UnaryOperator<Tensor> turn,
      UnaryOperator<Tensor> scores) {
    Tensor[] qkv = split(x.matmul(weight, false, true).add(bias), 3, heads);
    Tensor q = turn.apply(qkv[0]);
    Tensor added = scores == null ? null : scores.apply(q);
    return merge(of(q, turn.apply(qkv[1]), qkv[2], added));
  }

  /**
   * Columns that stand one behind the other, as heads: [N, T, parts·D] → {@code parts} times [N,
   * heads, T, D/heads].
   */
  public static Tensor[] split(Tensor x, int parts, int heads) {
    Shape s = x.shape(); // [N, T, parts·D]
    long n = s.size(0);
    long tokens = s.size(1);
    long d = s.size(2) / parts / heads;
    Tensor all = x.reshape(n, tokens, parts, heads, d).permute(2, 0, 3, 1, 4);
    Tensor[] each = new Tensor[parts];
    for (int i = 0; i < parts; i++) {
      each[i] = all.slice(0, i, i + 1).reshape(n, heads, tokens, d);
    }
    return each;
  }

  /** Heads side by side again: [N, heads, T, d] → [N, T, heads·d]. */
  public static Tensor merge(Tensor heads) {
    Shape s = heads.shape();
    return heads.permute(0, 2, 1, 3).reshape(s.size(0), s.size(2), s.size(1) * s.size(3));
  }
}
