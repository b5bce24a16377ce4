package akin.cuda.jcuda;

import akin.cuda.device.Blas;
import akin.cuda.device.DeviceException;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasAtomicsMode;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasMath;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/** cuBLAS on one stream: math mode, atomics and workspace are set, never left to defaults. */
final class JCudaBlas implements Blas {
  /** What cuBLAS advises for the largest cards; a workspace of its own keeps its bits the same. */
  private static final long WORKSPACE_BYTES = 32L << 20;

  private final cublasHandle handle = new cublasHandle();
  private final Address workspace = new Address();
  private final Runnable enter;

  /**
   * @param enter makes the device's context current
   */
  JCudaBlas(CUstream stream, boolean tf32, Runnable enter) {
    this.enter = enter;
    Results.blas("cublasCreate", JCublas2.cublasCreate(handle));
    try {
      set(stream, tf32);
    } catch (DeviceException e) {
      close();
      throw e;
    }
  }

  private void set(CUstream stream, boolean tf32) {
    Results.blas("cublasSetStream", JCublas2.cublasSetStream(handle, new cudaStream_t(stream)));
    Results.driver(
        "cuMemAlloc of cuBLAS's workspace", JCudaDriver.cuMemAlloc(workspace, WORKSPACE_BYTES));
    // After the stream, which would reset it.
    Results.blas(
        "cublasSetWorkspace", JCublas2.cublasSetWorkspace(handle, workspace, WORKSPACE_BYTES));
    Results.blas(
        "cublasSetMathMode",
        JCublas2.cublasSetMathMode(
            handle, tf32 ? cublasMath.CUBLAS_TF32_TENSOR_OP_MATH : cublasMath.CUBLAS_DEFAULT_MATH));
    Results.blas(
        "cublasSetAtomicsMode",
        JCublas2.cublasSetAtomicsMode(handle, cublasAtomicsMode.CUBLAS_ATOMICS_NOT_ALLOWED));
  }

  @Override
  public void gemm(
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
      int batch) {
    enter.run();
    if (batch == 1) {
      Results.blas(
          "cublasSgemm",
          JCublas2.cublasSgemm(
              handle,
              operation(transA),
              operation(transB),
              m,
              n,
              k,
              Scalars.ONE,
              new Address(a),
              lda,
              new Address(b),
              ldb,
              Scalars.ZERO,
              new Address(c),
              ldc));
    } else {
      Results.blas(
          "cublasSgemmStridedBatched",
          JCublas2.cublasSgemmStridedBatched(
              handle,
              operation(transA),
              operation(transB),
              m,
              n,
              k,
              Scalars.ONE,
              new Address(a),
              lda,
              strideA,
              new Address(b),
              ldb,
              strideB,
              Scalars.ZERO,
              new Address(c),
              ldc,
              strideC,
              batch));
    }
  }

  private static int operation(boolean transposed) {
    return transposed ? cublasOperation.CUBLAS_OP_T : cublasOperation.CUBLAS_OP_N;
  }

  /** What a card that is lost refuses here does not matter any more. */
  void close() {
    JCublas2.cublasDestroy(handle);
    JCudaDriver.cuMemFree(workspace);
  }
}
