package akin.cuda.jcuda;

import akin.cuda.jcuda.ConvolutionPlan.Algorithm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
   * Those that fit: first what was offered and is allowed, in its order; then the plain ones,
   * whether offered or not. Forgets what was offered.
   */
  Deque<Algorithm> ways(List<Integer> plain, List<Integer> winograd, Size size) {
    List<Integer> order = new ArrayList<>(offered);
    offered.clear();
    order.removeIf(algorithm -> !plain.contains(algorithm) && !winograd.contains(algorithm));
    order.addAll(plain);
    Deque<Algorithm> fitting = fitting(order, size);
    if (fitting.isEmpty()) {
      // None runs in so little: the most frugal one, and the pool decides.
      supported(order, size)
          .min(Comparator.comparingLong(Algorithm::bytes))
          .ifPresent(fitting::add);
    }
    return fitting;
  }

  /** Those that cuDNN supports in as much workspace as there may be. */
  Deque<Algorithm> fitting(List<Integer> order, Size size) {
    return supported(order, size)
        .filter(algorithm -> algorithm.bytes() <= cap)
        .collect(Collectors.toCollection(ArrayDeque::new));
  }

  private static Stream<Algorithm> supported(List<Integer> order, Size size) {
    List<Algorithm> supported = new ArrayList<>();
    long[] bytes = new long[1];
    for (int algorithm : new LinkedHashSet<>(order)) {
      if (size.ask(algorithm, bytes) == cudnnStatus.CUDNN_STATUS_SUCCESS) {
        supported.add(new Algorithm(algorithm, bytes[0]));
      }
    }
    return supported.stream();
  }
}
