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

  /**
   * y[yo + r·pitch + i] = x[xo + r·distance + i] where inside[i] has all bits, 0 where it has none,
   * for i &lt; pitch, r &lt; rows; may spoil up to {@link #slack} elements behind the last row, and
   * reads as many behind a row.
   */
  void widen(float[] x, int xo, int distance, int[] inside, float[] y, int yo, int pitch, int rows);

  /**
   * {@link #widen} of the even elements of rows, and of the odd ones to {@code apart} behind them.
   */
  void split(
      float[] x,
      int xo,
      int distance,
      int[] even,
      int[] odd,
      float[] y,
      int yo,
      int apart,
      int pitch,
      int rows);

  /**
   * y[yo + r·n + i] = x[xo + r·pitch + i] for i &lt; n, r &lt; rows; may spoil up to {@link #slack}
   * elements behind.
   */
  void compact(float[] x, int xo, int pitch, float[] y, int yo, int n, int rows);

  /** y[yo + i] = max(x[xo + i], y[yo + i]) for i &lt; n, and nothing else. */
  void max(float[] x, int xo, float[] y, int yo, int n);

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
}
