package akin.cuda;

/** Softmax and its gradient, by cuDNN. */
final class Softmaxes {
  private final Launcher launcher;

  Softmaxes(Launcher launcher) {
    this.launcher = launcher;
  }

  void softmax(boolean log, CudaBuffer x, CudaBuffer y, long outer, long axis, long inner) {
    throw new UnsupportedOperationException(
        "softmax is being written for " + launcher.device.info().name());
  }

  void softmaxGrad(
      boolean log, CudaBuffer y, CudaBuffer dy, CudaBuffer dx, long outer, long axis, long inner) {
    throw new UnsupportedOperationException(
        "softmaxGrad is being written for " + launcher.device.info().name());
  }
}
