package akin.tensor.cpu;

/**
 * The kernel of a convolution with one tap as {@link Blocks} read it: two blocks of outputs after
 * the other, of each [inputs, outputs], with zeros where there is no output; behind them the bias.
 *
 * @param at where it begins
 */
record BlockKernel(int at, int inputs, int outputs) {
  private static final int LANES = Simd.BLOCKS.lanes();

  /** Blocks of so many channels. */
  static int blocks(int channels) {
    return (channels + LANES - 1) / LANES;
  }

  /** Pairs of blocks; the last may be half. */
  int pairs() {
    return (blocks(outputs) + 1) / 2;
  }

  /** Blocks of a pair: 2, or 1. */
  int blocksOf(int pair) {
    return Math.min(2, blocks(outputs) - 2 * pair);
  }

  /** Where the weights of a pair begin. */
  int weights(int pair) {
    return at + 2 * pair * LANES * inputs;
  }

  /** Where the bias of a pair begins. */
  int bias(int pair) {
    return at + (blocks(outputs) * inputs + 2 * pair) * LANES;
  }

  /** Floats of kernel and bias. */
  long length() {
    return (long) blocks(outputs) * LANES * (inputs + 1);
  }

  /** Where the next begins. */
  int end() {
    return (int) (at + length());
  }

  /**
   * Packs w [outputs, inputs].
   *
   * @param bias of the outputs, or null
   * @param to zeros
   */
  void pack(float[] w, float[] bias, float[] to) {
    for (int o = 0; o < outputs; o++) {
      int pair = o / (2 * LANES);
      int width = blocksOf(pair) * LANES;
      int start = weights(pair) + o % (2 * LANES);
      for (int k = 0; k < inputs; k++) {
        to[start + k * width] = w[o * inputs + k];
      }
      to[bias(0) + o] = bias == null ? 0 : bias[o];
    }
  }
}
