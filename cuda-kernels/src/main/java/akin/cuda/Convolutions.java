package akin.cuda;

import akin.tensor.backend.Activation;
import akin.tensor.backend.ConvShape;

/** Convolution and its gradients, by cuDNN where it can express them. */
final class Convolutions {
  private final Launcher launcher;

  Convolutions(Launcher launcher) {
    this.launcher = launcher;
  }

  void conv2d(
      ConvShape s,
      CudaBuffer x,
      CudaBuffer w,
      CudaBuffer bias,
      CudaBuffer residual,
      Activation act,
      CudaBuffer y) {
    throw new UnsupportedOperationException(
        "conv2d is being written for " + launcher.device.info().name());
  }

  void conv2dGradInput(ConvShape s, CudaBuffer dy, CudaBuffer w, CudaBuffer dx) {
    throw new UnsupportedOperationException(
        "conv2dGradInput is being written for " + launcher.device.info().name());
  }

  void conv2dGradWeight(ConvShape s, CudaBuffer x, CudaBuffer dy, CudaBuffer dw) {
    throw new UnsupportedOperationException(
        "conv2dGradWeight is being written for " + launcher.device.info().name());
  }
}
