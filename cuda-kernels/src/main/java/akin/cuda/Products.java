package akin.cuda;

/** Matrix products, by cuBLAS. */
final class Products {
  private final Launcher launcher;

  Products(Launcher launcher) {
    this.launcher = launcher;
  }

  void matmul(
      CudaBuffer a,
      boolean transA,
      CudaBuffer b,
      boolean transB,
      CudaBuffer y,
      long batch,
      int m,
      int k,
      int n) {
    throw new UnsupportedOperationException(
        "matmul is being written for " + launcher.device.info().name());
  }
}
