package akin.tensor.cpu;

/**
 * One axis of a convolution, seen from its targets: target i sums, over taps, staged cells i +
 * shift of the tap's phase. Staged cell s of phase p holds source element s·step + p − origin, or 0
 * outside the source. So every tap of every stride and dilation reads neighbouring cells for
 * neighbouring targets.
 *
 * @param step distance of staged cells in the source
 * @param origin see above
 * @param taps which taps of the kernel take part
 * @param phase of each of them, below step
 * @param shift of each of them, ≥ 0
 * @param targets how many targets there are
 * @param targetStep their distance in the result
 * @param targetStart where the first lies in the result
 */
record Line(
    int step,
    int origin,
    int[] taps,
    int[] phase,
    int[] shift,
    int targets,
    int targetStep,
    int targetStart) {

  /** From input to output: tap k of output i meets input i·stride + k·dilation − before. */
  static Line forward(int out, int kernel, int stride, int dilation, int before) {
    int[] taps = new int[kernel];
    int[] phase = new int[kernel];
    int[] shift = new int[kernel];
    for (int k = 0; k < kernel; k++) {
      taps[k] = k;
      phase[k] = k * dilation % stride;
      shift[k] = k * dilation / stride;
    }
    return new Line(stride, before, taps, phase, shift, out, 1, 0);
  }

  /**
   * From output gradients back to input gradients: input t meets output (t + before −
   * k·dilation)/stride where that is whole, so inputs of one remainder form one line.
   */
  static Line[] backward(int in, int kernel, int stride, int dilation, int before) {
    Line[] lines = new Line[Math.min(stride, in)];
    for (int start = 0; start < lines.length; start++) {
      int[] taps = new int[kernel];
      int[] shift = new int[kernel];
      int n = 0;
      int least = Integer.MAX_VALUE;
      for (int k = kernel - 1; k >= 0; k--) { // shifts grow
        int reach = start + before - k * dilation;
        if (Math.floorMod(reach, stride) == 0) {
          taps[n] = k;
          shift[n++] = Math.floorDiv(reach, stride);
          least = Math.min(least, Math.floorDiv(reach, stride));
        }
      }
      for (int i = 0; i < n; i++) {
        shift[i] -= least;
      }
      int targets = (in - start + stride - 1) / stride;
      lines[start] =
          new Line(
              1,
              n == 0 ? 0 : -least,
              java.util.Arrays.copyOf(taps, n),
              new int[n],
              java.util.Arrays.copyOf(shift, n),
              targets,
              stride,
              start);
    }
    return lines;
  }

  /** How far the taps reach beyond a target. */
  int span() {
    int span = 0;
    for (int s : shift) {
      span = Math.max(span, s);
    }
    return span;
  }

  /** Staged cells of one phase for all targets. */
  int staged() {
    return targets + span();
  }

  /** The phases that taps use, in order. */
  int[] phases() {
    return java.util.Arrays.stream(phase).distinct().sorted().toArray();
  }
}
