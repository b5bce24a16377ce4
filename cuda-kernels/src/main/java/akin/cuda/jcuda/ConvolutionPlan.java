package akin.cuda.jcuda;

import akin.cuda.device.Dnn.Conv;
import java.util.Deque;
import java.util.List;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdDataAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgo;
import jcuda.jcudnn.cudnnConvolutionBwdFilterAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionFwdAlgoPerf;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/**
 * A convolution's descriptors, and for each of its three directions the algorithms: those of
 * cuDNN's heuristic, in its order, that repeat their bits, fit the workspace and keep the
 * contract's error. Who calls takes the first, and removes what cuDNN refuses when it is called. No
 * algorithm by Fourier transforms does. Winograd's with tiles of 2×2 (cuDNN's fused one) stays
 * below the bound that {@code akin.tensor.check.WinogradBound} derives for tiles of 4×4, and is
 * allowed where that is: 3×3 without strides or dilation, 64 channels or more. Of cuDNN's other one
 * the points are not known, so nothing bounds it.
 */
final class ConvolutionPlan {
  private static final int WINOGRAD_CHANNELS = 64;

  /** Those that sum plainly, in any order, and repeat their bits. */
  private static final List<Integer> FORWARD =
      List.of(
          cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
          cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM,
          cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_GEMM);

  private static final List<Integer> FORWARD_WINOGRAD =
      List.of(cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD);

  private static final List<Integer> INPUT =
      List.of(cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_1);

  private static final List<Integer> INPUT_WINOGRAD =
      List.of(cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD);

  private static final List<Integer> WEIGHT =
      List.of(cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1);

  /** An algorithm by its number, and the bytes of workspace that it takes. */
  record Algorithm(int number, long bytes) {}

  final cudnnTensorDescriptor x;
  final cudnnTensorDescriptor y;
  final cudnnTensorDescriptor bias;
  final cudnnFilterDescriptor w = new cudnnFilterDescriptor();
  final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();
  private final cudnnHandle handle;
  private final boolean winograd;
  private final AlgorithmChoice choice;
  private Deque<Algorithm> forward;
  private Deque<Algorithm> precomputed;
  private Deque<Algorithm> input;
  private Deque<Algorithm> weight;

  /**
   * @param cap the most bytes of workspace for one call
   */
  ConvolutionPlan(cudnnHandle handle, TensorDescriptors tensors, Conv s, boolean tf32, long cap) {
    this.handle = handle;
    x = tensors.of(s.n(), s.c(), s.h(), s.w());
    y = tensors.of(s.n(), s.o(), s.outH(), s.outW());
    bias = tensors.of(1, s.o(), 1, 1);
    winograd =
        !"false".equals(System.getProperty("akin.winograd"))
            && s.kernelH() == 3
            && s.kernelW() == 3
            && s.strideH() == 1
            && s.strideW() == 1
            && s.dilationH() == 1
            && s.dilationW() == 1
            && s.c() / s.groups() >= WINOGRAD_CHANNELS
            && s.o() / s.groups() >= WINOGRAD_CHANNELS;
    choice = new AlgorithmChoice(tf32, cap);
    Results.dnn("cudnnCreateFilterDescriptor", JCudnn.cudnnCreateFilterDescriptor(w));
    Results.dnn(
        "cudnnSetFilter4dDescriptor of " + s,
        JCudnn.cudnnSetFilter4dDescriptor(
            w,
            cudnnDataType.CUDNN_DATA_FLOAT,
            cudnnTensorFormat.CUDNN_TENSOR_NCHW,
            s.o(),
            s.c() / s.groups(),
            s.kernelH(),
            s.kernelW()));
    Results.dnn(
        "cudnnCreateConvolutionDescriptor", JCudnn.cudnnCreateConvolutionDescriptor(convolution));
    Results.dnn(
        "cudnnSetConvolution2dDescriptor of " + s,
        JCudnn.cudnnSetConvolution2dDescriptor(
            convolution,
            s.padH(),
            s.padW(),
            s.strideH(),
            s.strideW(),
            s.dilationH(),
            s.dilationW(),
            cudnnConvolutionMode.CUDNN_CROSS_CORRELATION,
            cudnnDataType.CUDNN_DATA_FLOAT));
    Results.dnn(
        "cudnnSetConvolutionGroupCount",
        JCudnn.cudnnSetConvolutionGroupCount(convolution, s.groups()));
    Results.dnn(
        "cudnnSetConvolutionMathType",
        JCudnn.cudnnSetConvolutionMathType(
            convolution, tf32 ? cudnnMathType.CUDNN_TENSOR_OP_MATH : cudnnMathType.CUDNN_FMA_MATH));
  }

  /** For y = x ∗ w. */
  Deque<Algorithm> forward() {
    if (forward == null) {
      cudnnConvolutionFwdAlgoPerf[] found =
          new cudnnConvolutionFwdAlgoPerf[cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_COUNT];
      for (int i = 0; i < found.length; i++) {
        found[i] = new cudnnConvolutionFwdAlgoPerf();
      }
      int[] count = new int[1];
      Results.dnn(
          "cudnnGetConvolutionForwardAlgorithm_v7",
          JCudnn.cudnnGetConvolutionForwardAlgorithm_v7(
              handle, x, w, convolution, y, found.length, count, found));
      for (int i = 0; i < count[0]; i++) {
        cudnnConvolutionFwdAlgoPerf p = found[i];
        choice.offer(p.algo, p.status, p.determinism, p.mathType);
      }
      forward = choice.ways(FORWARD, winograd ? FORWARD_WINOGRAD : List.of(), this::forwardBytes);
    }
    return forward;
  }

  /** The one algorithm that cuDNN fuses with the identity as activation, or none. */
  Deque<Algorithm> precomputed() {
    if (precomputed == null) {
      int number = cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
      precomputed = choice.fitting(List.of(number), this::forwardBytes);
    }
    return precomputed;
  }

  /** For dx. */
  Deque<Algorithm> input() {
    if (input == null) {
      cudnnConvolutionBwdDataAlgoPerf[] found =
          new cudnnConvolutionBwdDataAlgoPerf
              [cudnnConvolutionBwdDataAlgo.CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT];
      for (int i = 0; i < found.length; i++) {
        found[i] = new cudnnConvolutionBwdDataAlgoPerf();
      }
      int[] count = new int[1];
      Results.dnn(
          "cudnnGetConvolutionBackwardDataAlgorithm_v7",
          JCudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7(
              handle, w, y, convolution, x, found.length, count, found));
      for (int i = 0; i < count[0]; i++) {
        cudnnConvolutionBwdDataAlgoPerf p = found[i];
        choice.offer(p.algo, p.status, p.determinism, p.mathType);
      }
      input = choice.ways(INPUT, winograd ? INPUT_WINOGRAD : List.of(), this::inputBytes);
    }
    return input;
  }

  /** For dw. */
  Deque<Algorithm> weight() {
    if (weight == null) {
      cudnnConvolutionBwdFilterAlgoPerf[] found =
          new cudnnConvolutionBwdFilterAlgoPerf
              [cudnnConvolutionBwdFilterAlgo.CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT];
      for (int i = 0; i < found.length; i++) {
        found[i] = new cudnnConvolutionBwdFilterAlgoPerf();
      }
      int[] count = new int[1];
      Results.dnn(
          "cudnnGetConvolutionBackwardFilterAlgorithm_v7",
          JCudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7(
              handle, x, y, convolution, w, found.length, count, found));
      for (int i = 0; i < count[0]; i++) {
        cudnnConvolutionBwdFilterAlgoPerf p = found[i];
        choice.offer(p.algo, p.status, p.determinism, p.mathType);
      }
      weight = choice.ways(WEIGHT, List.of(), this::weightBytes);
    }
    return weight;
  }

  private int forwardBytes(int algorithm, long[] bytes) {
    return JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
        handle, x, w, convolution, y, algorithm, bytes);
  }

  private int inputBytes(int algorithm, long[] bytes) {
    return JCudnn.cudnnGetConvolutionBackwardDataWorkspaceSize(
        handle, w, y, convolution, x, algorithm, bytes);
  }

  private int weightBytes(int algorithm, long[] bytes) {
    return JCudnn.cudnnGetConvolutionBackwardFilterWorkspaceSize(
        handle, x, y, convolution, w, algorithm, bytes);
  }

  void close() {
    JCudnn.cudnnDestroyFilterDescriptor(w);
    JCudnn.cudnnDestroyConvolutionDescriptor(convolution);
  }
}
