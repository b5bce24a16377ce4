package akin.cuda.device;

/** The one routine of cuBLAS that Akin uses, with cuBLAS's conventions: columns lie together. */
public interface Blas {
  /**
   * C_i = op(A_i)·op(B_i) for i &lt; batch, column-major: op(A) [m,k], op(B) [k,n], C [m,n];
   * element (r, c) of a matrix is at r + c·ld. Sizes are at least 1. Computed in float32 (no TF32
   * unless the device was opened so); the same call gives the same bits.
   *
   * @param strideA elements from one A to the next
   */
  void gemm(
      boolean transA,
      boolean transB,
      int m,
      int n,
      int k,
      long a,
      int lda,
      long strideA,
      long b,
      int ldb,
      long strideB,
      long c,
      int ldc,
      long strideC,
      int batch);
}
