package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/**
 * What is done with a product while it is at hand: y = act(x + bias + residual).
 *
 * @param bias one number a row or a column of the product, or null
 * @param start where bias begins
 * @param perColumn whether bias is of columns
 * @param residual of the same layout as the array of the result, or null
 * @param act the activation
 */
record Ending(float[] bias, int start, boolean perColumn, float[] residual, Activation act) {
  /** Nothing. */
  static final Ending NONE = new Ending(null, 0, false, null, Activation.IDENTITY);

  /** Does it with element {@code at} of x, in row i and column j. */
  void one(float[] x, int at, int i, int j) {
    float v = x[at];
    if (bias != null) {
      v += bias[start + (perColumn ? j : i)];
    }
    if (residual != null) {
      v += residual[at];
    }
    x[at] = (float) act.value(v);
  }
}
