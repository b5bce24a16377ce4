package akin.cuda;

import akin.tensor.backend.PoolShape;

/** Maxima and averages of windows. */
final class Pools {
  private final Launcher launcher;

  Pools(Launcher launcher) {
    this.launcher = launcher;
  }

  void pool2d(PoolShape s, CudaBuffer x, CudaBuffer y) {
    throw new UnsupportedOperationException(
        "pool2d is being written for " + launcher.device.info().name());
  }

  void pool2dGrad(PoolShape s, CudaBuffer x, CudaBuffer y, CudaBuffer dy, CudaBuffer dx) {
    throw new UnsupportedOperationException(
        "pool2dGrad is being written for " + launcher.device.info().name());
  }
}
