package akin.cuda.device;

/**
 * What Akin uses of cuDNN, no wider than cuDNN is: one padding an axis, no activation after a
 * convolution, float32, NCHW, outputs overwritten (alpha = 1, beta = 0), sizes at least 1,
 * algorithms that repeat their bits.
 */
public interface Dnn {
  /**
   * A convolution as cuDNN's descriptors can say it: x [n,c,h,w], kernel
   * [o,c/groups,kernelH,kernelW], cross-correlation.
   */
  record Conv(
      int n,
      int c,
      int h,
      int w,
      int o,
      int kernelH,
      int kernelW,
      int padH,
      int padW,
      int strideH,
      int strideW,
      int dilationH,
      int dilationW,
      int groups) {
    /** Rows of the output. */
    public int outH() {
      return (h + 2 * padH - dilationH * (kernelH - 1) - 1) / strideH + 1;
    }

    /** Columns of the output. */
    public int outW() {
      return (w + 2 * padW - dilationW * (kernelW - 1) - 1) / strideW + 1;
    }
  }

  /** y = x ∗ w. */
  void convolution(Conv s, long x, long w, long y);

  /**
   * y = x ∗ w + bias + residual. (cuDNN would add ReLU, but only one that makes 0 of NaN.)
   *
   * @param bias [o], never 0
   * @param residual like y, or 0 for none
   * @return false, with nothing done, where the library cannot do this in one
   */
  boolean convolutionBias(Conv s, long x, long w, long bias, long residual, long y);

  /** dx = the gradient for x. */
  void convolutionGradInput(Conv s, long dy, long w, long dx);

  /** dw = the gradient for w. */
  void convolutionGradWeight(Conv s, long x, long dy, long dw);

  /** y = softmax, or its logarithm, along the middle of [outer,axis,inner], maximum subtracted. */
  void softmax(boolean log, long x, long y, int outer, int axis, int inner);

  /** dx from y and dy. */
  void softmaxGrad(boolean log, long y, long dy, long dx, int outer, int axis, int inner);
}
