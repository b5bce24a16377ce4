package akin.nn.head;

import java.util.Objects;

/**
 * Partial queries to unit embeddings: an {@link AttributeNet} whose input says of every attribute
 * whether it is wanted, unwanted or (neither) of no matter: [N, 2A] → [N, D].
 */
public final class QueryNet extends AttributeNet {
  private final int attributes;

  /** For A attributes. */
  public QueryNet(int attributes, Options options) {
    super(2 * attributes, options);
    this.attributes = attributes;
  }

  /**
   * The input of one query: A bits of wanted attributes, then A bits of unwanted ones.
   *
   * @param wanted numbers of attributes
   * @param unwanted numbers of attributes
   */
  public float[] bits(int[] wanted, int[] unwanted) {
    float[] bits = new float[2 * attributes];
    for (int i : wanted) {
      bits[Objects.checkIndex(i, attributes)] = 1;
    }
    for (int i : unwanted) {
      bits[attributes + Objects.checkIndex(i, attributes)] = 1;
    }
    return bits;
  }
}
