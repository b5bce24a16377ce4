package akin.cuda;

import akin.tensor.backend.Update;

/** Steps of the optimisers. */
final class Updates {
  private final Launcher launcher;

  Updates(Launcher launcher) {
    this.launcher = launcher;
  }

  void update(Update u, CudaBuffer parameter, CudaBuffer gradient, CudaBuffer m, CudaBuffer v) {
    throw new UnsupportedOperationException(
        "update is being written for " + launcher.device.info().name());
  }
}
