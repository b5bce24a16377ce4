package akin.tensor.cpu;

import akin.tensor.backend.Activation;

/**
 * Tiles of a convolution with one tap, read from pictures as they lie and written where they
 * belong.
 */
interface Points {
  /** Cells of a vector; a tile is one or two of them wide. */
  int lanes();

  /** Rows of the tallest tile. */
  int tallest();

  /**
   * y[yo + i·pitch + j] = act(bias[bo + i] + Σₖ w[wo + k·h + i]·x[xo + k·step + j]), i &lt; h, j
   * &lt; vectors·lanes, k &lt; kc, summed in order of k.
   *
   * @param h rows, at most {@link #tallest}
   * @param vectors 1 or 2
   */
  void tile(
      int h,
      int vectors,
      float[] w,
      int wo,
      float[] x,
      int xo,
      int step,
      int kc,
      float[] bias,
      int bo,
      Activation act,
      float[] y,
      int yo,
      int pitch);
}
