package akin.cuda;

/** Lines made as long as 1. */
final class UnitLines {
  private final Launcher launcher;

  UnitLines(Launcher launcher) {
    this.launcher = launcher;
  }

  void normalize(
      CudaBuffer x, CudaBuffer y, CudaBuffer norm, long outer, long axis, long inner, double eps) {
    throw new UnsupportedOperationException(
        "normalize is being written for " + launcher.device.info().name());
  }

  void normalizeGrad(
      CudaBuffer y,
      CudaBuffer norm,
      CudaBuffer dy,
      CudaBuffer dx,
      long outer,
      long axis,
      long inner,
      double eps) {
    throw new UnsupportedOperationException(
        "normalizeGrad is being written for " + launcher.device.info().name());
  }
}
