package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/**
 * The innermost loops of convolutions over blocks of channels: a cell of a block holds as many
 * channels side by side as a vector has lanes, so that no picture is too narrow for a vector.
 */
interface Blocks {
  /** Channels of a block. */
  int lanes();

  /** Cells of the largest tile. */
  int tallest();

  /**
   * y[yo + i·lanes + j·apart + l] = bias[bo + j·lanes + l] + Σₖ x[xo + terms[k] + i·step]·w[wo +
   * (k·blocks + j)·lanes + l] for i &lt; h, j &lt; blocks, l &lt; lanes, in order of k.
   *
   * @param h cells, 1 … {@link #tallest}
   * @param blocks of outputs, 1 or 2
   * @param step from cell to cell of x: 1 or 2 in a plane, lanes in a block
   */
  void tile(
      int h,
      int blocks,
      int step,
      float[] x,
      int xo,
      int[] terms,
      float[] w,
      int wo,
      float[] bias,
      int bo,
      float[] y,
      int yo,
      int apart);

  /** y[yo + i] = act(y[yo + i]) for i &lt; n, a multiple of the lanes. */
  void activate(float[] y, int yo, int n, Activation act);

  /**
   * y[yo + i·lanes + l] = act(x[xo + i·step + l] + bias[bo + l] + residual[yo + i·lanes + l]) for i
   * &lt; n, l &lt; lanes. Arrays may be the same.
   *
   * @param bias may be null
   * @param residual may be null
   */
  void finish(
      float[] x,
      int xo,
      int step,
      float[] y,
      int yo,
      int n,
      float[] bias,
      int bo,
      float[] residual,
      Activation act);

  /**
   * Rows of a block through a kernel of 3×3: y[yo + (r·n + i)·lanes + l] = act(w[wo + 9·lanes + l]
   * + Σ w[wo + (3·ky + kx)·lanes + l]·x[xo + (r·stride + ky)·pitch + (i·stride + kx)·lanes + l])
   * for r &lt; rows, i &lt; n. Spoils the cell behind the last if n is odd, and reads what it would
   * see.
   *
   * @param stride 1 or 2
   */
  void neighbours(
      int stride,
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int n,
      int rows,
      Activation act);
}
