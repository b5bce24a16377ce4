package akin.cuda;

import akin.tensor.backend.Reduction;

/** Sums, means and extremes along an axis. */
final class Reductions {
  private final Launcher launcher;

  Reductions(Launcher launcher) {
    this.launcher = launcher;
  }

  void reduce(Reduction r, CudaBuffer x, CudaBuffer y, long outer, long axis, long inner) {
    throw new UnsupportedOperationException(
        "reduce is being written for " + launcher.device.info().name());
  }
}
