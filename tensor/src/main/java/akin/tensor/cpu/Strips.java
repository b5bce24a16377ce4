package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/** Short rows moved in whole vectors. */
interface Strips {
  /**
   * y[yo + i] = x[xo + i] for i &lt; n; may spoil what follows in y, up to {@link #slack} elements.
   */
  void copy(float[] x, int xo, float[] y, int yo, int n);

  /** As {@link #copy}, of every step-th element: y[yo + i] = x[xo + i·step]. */
  void skip(float[] x, int xo, int step, float[] y, int yo, int n);

  /** How many elements behind a row {@link #copy} may spoil. */
  int slack();

  /**
   * y[yo + r·n + i] = act(x[xo + r·pitch + i] + bias + residual[yo + r·n + i]) for r &lt; rows, i
   * &lt; n, and nothing else.
   *
   * @param residual may be null
   */
  void finish(
      float[] x,
      int xo,
      int pitch,
      float[] y,
      int yo,
      int rows,
      int n,
      float bias,
      float[] residual,
      Activation act);

  /** act(v). */
  static float activate(float v, Activation act) {
    switch (act) {
      case RELU:
        return Math.max(v, 0);
      case RELU6:
        return Math.min(Math.max(v, 0), 6);
      default:
        return v;
    }
  }
}
