package akin.cuda.jcuda;

import akin.cuda.device.Device.Workspace;
import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import akin.cuda.device.Dnn;
import akin.cuda.jcuda.ConvolutionPlan.Algorithm;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import jcuda.driver.CUstream;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnActivationDescriptor;
import jcuda.jcudnn.cudnnActivationMode;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnNanPropagation;
import jcuda.jcudnn.cudnnSoftmaxAlgorithm;
import jcuda.jcudnn.cudnnSoftmaxMode;
import jcuda.jcudnn.cudnnStatus;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.runtime.cudaStream_t;

/** cuDNN on one stream, with workspaces from the pool. */
final class JCudaDnn implements Dnn {
  /** More shapes than a training has; a search that never repeats one must not fill the memory. */
  private static final int MOST_SHAPES = 4096;

  private final boolean tf32;
  private final Workspace workspace;
  private final Runnable enter;
  private final cudnnHandle handle = new cudnnHandle();
  private final TensorDescriptors tensors = new TensorDescriptors();
  private final Map<Conv, ConvolutionPlan> plans = new HashMap<>();
  private final cudnnActivationDescriptor identity = new cudnnActivationDescriptor();

  /**
   * @param enter makes the device's context current
   */
  JCudaDnn(CUstream stream, boolean tf32, Workspace workspace, Runnable enter) {
    this.tf32 = tf32;
    this.workspace = workspace;
    this.enter = enter;
    Results.dnn("cudnnCreate", JCudnn.cudnnCreate(handle));
    try {
      set(stream);
    } catch (DeviceException e) {
      close();
      throw e;
    }
  }

  private void set(CUstream stream) {
    Results.dnn("cudnnSetStream", JCudnn.cudnnSetStream(handle, new cudaStream_t(stream)));
    Results.dnn(
        "cudnnCreateActivationDescriptor", JCudnn.cudnnCreateActivationDescriptor(identity));
    Results.dnn(
        "cudnnSetActivationDescriptor",
        JCudnn.cudnnSetActivationDescriptor(
            identity,
            cudnnActivationMode.CUDNN_ACTIVATION_IDENTITY,
            cudnnNanPropagation.CUDNN_NOT_PROPAGATE_NAN,
            0));
  }

  // ---- convolution ----

  @Override
  public void convolution(Conv s, long x, long w, long y) {
    ConvolutionPlan p = plan(s);
    run(
        "cudnnConvolutionForward of " + s,
        p.forward(),
        (algorithm, memory, bytes) ->
            JCudnn.cudnnConvolutionForward(
                handle,
                Scalars.ONE,
                p.x,
                new Address(x),
                p.w,
                new Address(w),
                p.convolution,
                algorithm,
                memory,
                bytes,
                Scalars.ZERO,
                p.y,
                new Address(y)));
  }

  @Override
  public boolean convolutionBias(Conv s, long x, long w, long bias, long residual, long y) {
    ConvolutionPlan p = plan(s);
    return done(
        "cudnnConvolutionBiasActivationForward of " + s,
        p.precomputed(),
        (algorithm, memory, bytes) ->
            JCudnn.cudnnConvolutionBiasActivationForward(
                handle,
                Scalars.ONE,
                p.x,
                new Address(x),
                p.w,
                new Address(w),
                p.convolution,
                algorithm,
                memory,
                bytes,
                // A factor of 0 keeps z from being read; it must be given all the same.
                residual == 0 ? Scalars.ZERO : Scalars.ONE,
                p.y,
                new Address(residual == 0 ? y : residual),
                p.bias,
                new Address(bias),
                identity,
                p.y,
                new Address(y)));
  }

  @Override
  public void convolutionGradInput(Conv s, long dy, long w, long dx) {
    ConvolutionPlan p = plan(s);
    run(
        "cudnnConvolutionBackwardData of " + s,
        p.input(),
        (algorithm, memory, bytes) ->
            JCudnn.cudnnConvolutionBackwardData(
                handle,
                Scalars.ONE,
                p.w,
                new Address(w),
                p.y,
                new Address(dy),
                p.convolution,
                algorithm,
                memory,
                bytes,
                Scalars.ZERO,
                p.x,
                new Address(dx)));
  }

  @Override
  public void convolutionGradWeight(Conv s, long x, long dy, long dw) {
    ConvolutionPlan p = plan(s);
    run(
        "cudnnConvolutionBackwardFilter of " + s,
        p.weight(),
        (algorithm, memory, bytes) ->
            JCudnn.cudnnConvolutionBackwardFilter(
                handle,
                Scalars.ONE,
                p.x,
                new Address(x),
                p.y,
                new Address(dy),
                p.convolution,
                algorithm,
                memory,
                bytes,
                Scalars.ZERO,
                p.w,
                new Address(dw)));
  }

  private ConvolutionPlan plan(Conv s) {
    begin();
    return plans.computeIfAbsent(
        s, shape -> new ConvolutionPlan(handle, tensors, shape, tf32, workspace.cap()));
  }

  private interface Call {
    /** Returns cuDNN's code. */
    int with(int algorithm, Address memory, long bytes);
  }

  private void run(String call, Deque<Algorithm> algorithms, Call with) {
    if (!done(call, algorithms, with)) {
      throw Results.refusal(
          Kind.REFUSED, call + ": cuDNN supports no algorithm for it that repeats its bits");
    }
  }

  /**
   * Calls with the first algorithm that cuDNN supports. Of some it tells only when they are called
   * that it does not; these are removed, so that they are not tried again. False if none is left.
   */
  private boolean done(String call, Deque<Algorithm> algorithms, Call with) {
    while (!algorithms.isEmpty()) {
      Algorithm a = algorithms.peek();
      int code = code(a, with);
      if (code != cudnnStatus.CUDNN_STATUS_NOT_SUPPORTED
          && code != cudnnStatus.CUDNN_STATUS_ARCH_MISMATCH) {
        Results.dnn(call, code);
        return true;
      }
      algorithms.remove();
    }
    return false;
  }

  private int code(Algorithm a, Call with) {
    long memory = workspace.take(a.bytes());
    try {
      return with.with(a.number(), new Address(memory), a.bytes());
    } finally {
      workspace.give(memory);
    }
  }

  private void begin() {
    enter.run();
    if (plans.size() + tensors.size() > MOST_SHAPES) {
      forget();
    }
  }

  private void forget() {
    plans.values().forEach(ConvolutionPlan::close);
    plans.clear();
    tensors.close();
  }

  // ---- softmax ----

  @Override
  public void softmax(boolean log, long x, long y, int outer, int axis, int inner) {
    begin();
    cudnnTensorDescriptor shape = tensors.of(outer, axis, inner, 1);
    Results.dnn(
        "cudnnSoftmaxForward",
        JCudnn.cudnnSoftmaxForward(
            handle,
            algorithm(log),
            mode(inner),
            Scalars.ONE,
            shape,
            new Address(x),
            Scalars.ZERO,
            shape,
            new Address(y)));
  }

  @Override
  public void softmaxGrad(boolean log, long y, long dy, long dx, int outer, int axis, int inner) {
    begin();
    cudnnTensorDescriptor shape = tensors.of(outer, axis, inner, 1);
    Results.dnn(
        "cudnnSoftmaxBackward",
        JCudnn.cudnnSoftmaxBackward(
            handle,
            algorithm(log),
            mode(inner),
            Scalars.ONE,
            shape,
            new Address(y),
            shape,
            new Address(dy),
            Scalars.ZERO,
            shape,
            new Address(dx)));
  }

  /** Over [n,c,1,1] both say the same; cuDNN has a kernel for whole rows, and one for columns. */
  private static int mode(int inner) {
    return inner == 1
        ? cudnnSoftmaxMode.CUDNN_SOFTMAX_MODE_INSTANCE
        : cudnnSoftmaxMode.CUDNN_SOFTMAX_MODE_CHANNEL;
  }

  private static int algorithm(boolean log) {
    return log
        ? cudnnSoftmaxAlgorithm.CUDNN_SOFTMAX_LOG
        : cudnnSoftmaxAlgorithm.CUDNN_SOFTMAX_ACCURATE;
  }

  /** The context is current; what a card that is lost refuses does not matter any more. */
  void close() {
    forget();
    JCudnn.cudnnDestroyActivationDescriptor(identity);
    JCudnn.cudnnDestroy(handle);
  }
}
