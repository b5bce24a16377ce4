package akin.cuda;

import akin.tensor.backend.Unary;

/** Scalar functions of one argument. */
final class Elements {
  private final Launcher launcher;

  Elements(Launcher launcher) {
    this.launcher = launcher;
  }

  void unary(Unary f, double a, double b, CudaBuffer x, CudaBuffer y) {
    throw new UnsupportedOperationException(
        "unary is being written for " + launcher.device.info().name());
  }

  void unaryGrad(
      Unary f, double a, double b, CudaBuffer x, CudaBuffer y, CudaBuffer dy, CudaBuffer dx) {
    throw new UnsupportedOperationException(
        "unaryGrad is being written for " + launcher.device.info().name());
  }

  void affine(double alpha, CudaBuffer x, double beta, CudaBuffer y) {
    throw new UnsupportedOperationException(
        "affine is being written for " + launcher.device.info().name());
  }
}
