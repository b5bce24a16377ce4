package akin.cuda;

/** The k best of each row. */
final class Selection {
  private final Launcher launcher;

  Selection(Launcher launcher) {
    this.launcher = launcher;
  }

  void topK(CudaBuffer x, int rows, int cols, int k, boolean largest, int[] index) {
    throw new UnsupportedOperationException(
        "topK is being written for " + launcher.device.info().name());
  }
}
