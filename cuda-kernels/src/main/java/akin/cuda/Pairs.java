package akin.cuda;

import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;

/** Scalar functions of two arguments, stretched. */
final class Pairs {
  private final Launcher launcher;

  Pairs(Launcher launcher) {
    this.launcher = launcher;
  }

  void binary(Binary f, CudaBuffer a, CudaBuffer b, CudaBuffer y, Broadcast s) {
    throw new UnsupportedOperationException(
        "binary is being written for " + launcher.device.info().name());
  }

  void binaryGrad(
      Binary f,
      boolean first,
      CudaBuffer a,
      CudaBuffer b,
      CudaBuffer y,
      CudaBuffer dy,
      CudaBuffer g,
      Broadcast s) {
    throw new UnsupportedOperationException(
        "binaryGrad is being written for " + launcher.device.info().name());
  }
}
