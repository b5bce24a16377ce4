package akin.cuda;

import akin.tensor.backend.Distance;

/** Distances of all pairs of rows, and their gradient. */
final class Distances {
  private final Launcher launcher;

  Distances(Launcher launcher) {
    this.launcher = launcher;
  }

  void distances(Distance f, CudaBuffer a, CudaBuffer b, CudaBuffer y, int n, int m, int d) {
    throw new UnsupportedOperationException(
        "distances is being written for " + launcher.device.info().name());
  }

  void distancesGrad(
      Distance f,
      CudaBuffer a,
      CudaBuffer b,
      CudaBuffer y,
      CudaBuffer dy,
      boolean swapped,
      CudaBuffer da,
      int n,
      int m,
      int d) {
    throw new UnsupportedOperationException(
        "distancesGrad is being written for " + launcher.device.info().name());
  }
}
