package akin.cuda.jcuda;

import akin.cuda.jcuda.ConvolutionPlan.Algorithm;
import java.util.ArrayList;
import java.util.List;
import jcuda.jcudnn.cudnnDeterminism;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnStatus;

/** Chooses among what cuDNN's heuristic offers, in its order, by what Akin may take. */
final class AlgorithmChoice {
  private final boolean tf32;
  private final long cap;
  private final List<Integer> offered = new ArrayList<>();

  /** Asks how many bytes of workspace an algorithm takes; returns cuDNN's code. */
  interface Size {
    int ask(int algorithm, long[] bytes);
  }

  /**
   * @param tf32 whether tensor cores may be used
   * @param cap the most bytes of workspace
   */
  AlgorithmChoice(boolean tf32, long cap) {
    this.tf32 = tf32;
    this.cap = cap;
  }

  /** The next best of the heuristic. */
  void offer(int algorithm, int status, int determinism, int mathType) {
    boolean tensorCores =
        mathType == cudnnMathType.CUDNN_TENSOR_OP_MATH
            || mathType == cudnnMathType.CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION;
    if (status == cudnnStatus.CUDNN_STATUS_SUCCESS
        && determinism == cudnnDeterminism.CUDNN_DETERMINISTIC
        && (tf32 || !tensorCores)) {
      offered.add(algorithm);
    }
  }

  /**
   * The first that was offered, is allowed and fits; if there is none, the first plain one that
   * fits, whether offered or not. Forgets what was offered.
   */
  Algorithm first(List<Integer> plain, List<Integer> winograd, Size size) {
    List<Integer> order = new ArrayList<>(offered);
    offered.clear();
    order.removeIf(algorithm -> !plain.contains(algorithm) && !winograd.contains(algorithm));
    order.addAll(plain);
    long[] bytes = new long[1];
    int code = cudnnStatus.CUDNN_STATUS_NOT_SUPPORTED;
    for (int algorithm : order) {
      code = size.ask(algorithm, bytes);
      if (code == cudnnStatus.CUDNN_STATUS_SUCCESS && bytes[0] <= cap) {
        return new Algorithm(algorithm, bytes[0]);
      }
    }
    Results.dnn("the workspace's size of a convolution", code);
    // All would run, but none in so little: the last is the most frugal one, and the pool decides.
    return new Algorithm(plain.get(plain.size() - 1), bytes[0]);
  }
}
