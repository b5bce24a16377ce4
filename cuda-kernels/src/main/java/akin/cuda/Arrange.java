package akin.cuda;

/** Copies, axes reordered, rows gathered and scattered. */
final class Arrange {
  private final Launcher launcher;

  Arrange(Launcher launcher) {
    this.launcher = launcher;
  }

  void copy2d(
      CudaBuffer x,
      long xStart,
      long xPitch,
      CudaBuffer y,
      long yStart,
      long yPitch,
      long rows,
      long cols) {
    throw new UnsupportedOperationException(
        "copy2d is being written for " + launcher.device.info().name());
  }

  void permute(CudaBuffer x, CudaBuffer y, long[] sizes, int[] order) {
    throw new UnsupportedOperationException(
        "permute is being written for " + launcher.device.info().name());
  }

  void gatherRows(CudaBuffer x, int[] rows, CudaBuffer y, long width) {
    throw new UnsupportedOperationException(
        "gatherRows is being written for " + launcher.device.info().name());
  }

  void scatterAddRows(CudaBuffer x, int[] rows, CudaBuffer y, long yRows, long width) {
    throw new UnsupportedOperationException(
        "scatterAddRows is being written for " + launcher.device.info().name());
  }
}
