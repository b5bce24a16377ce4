package akin.cuda;

/**
 * Matrix products, by cuBLAS. Its matrices have their columns together, ours their rows: what we
 * call Y is its Yᵀ = op(B)ᵀ·op(A)ᵀ, so the operands change places and keep their flags.
 */
final class Products {
  /** The most that the third axis of a grid takes, along which a batch is laid. */
  private static final int MOST_BATCHES = 65535;

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
    long ofA = (long) m * k;
    long ofB = (long) k * n;
    long ofY = (long) m * n;
    if (batch * ofY == 0) {
      return;
    }
    if (k == 0) {
      launcher.device.fill32(y.address, 0, batch * ofY);
      return;
    }
    for (long first = 0; first < batch; first += MOST_BATCHES) {
      launcher
          .blas()
          .gemm(
              transB,
              transA,
              n,
              m,
              k,
              b.address + Float.BYTES * first * ofB,
              transB ? k : n,
              ofB,
              a.address + Float.BYTES * first * ofA,
              transA ? m : k,
              ofA,
              y.address + Float.BYTES * first * ofY,
              n,
              ofY,
              (int) Math.min(MOST_BATCHES, batch - first));
    }
  }
}
