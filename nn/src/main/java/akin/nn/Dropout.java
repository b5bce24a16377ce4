package akin.nn;

import akin.tensor.Tensor;

/**
 * In training, sets each element to 0 with probability p and divides the others by 1 − p; in
 * evaluation, nothing. The mask is a function of (seed, path of the layer, step, pass).
 *
 * <p>Source: Srivastava et al., "Dropout", JMLR 2014.
 */
public final class Dropout extends Layer {
  private final double p;

  /**
   * @param p probability of losing an element, 0 ≤ p &lt; 1
   */
  public Dropout(double p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout: 0 ≤ p < 1; p = " + p);
    }
    this.p = p;
  }

  @Override
  protected Tensor forward(Tensor x) {
    return training() && p > 0 ? x.dropout(p, noise()) : x;
  }
}
