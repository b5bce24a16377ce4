package akin.cuda.sim;

import akin.cuda.device.Blas;
import akin.cuda.sim.PlainProduct.Matrix;
import akin.cuda.sim.memory.GlobalMemory;

/**
 * cuBLAS's product in plain loops: sums in float64, rounded once. It refuses what cuBLAS's
 * documentation forbids.
 */
final class PlainBlas implements Blas {
  private final PlainMemory memory;

  PlainBlas(GlobalMemory memory) {
    this.memory = new PlainMemory(memory, "cublasSgemmStridedBatched");
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
    memory.require(Math.min(Math.min(m, n), Math.min(k, batch)) >= 1, "m, n, k, batch ≥ 1");
    memory.require(lda >= (transA ? k : m), "lda ≥ " + (transA ? "k" : "m"));
    memory.require(ldb >= (transB ? n : k), "ldb ≥ " + (transB ? "n" : "k"));
    memory.require(ldc >= m, "ldc ≥ m");
    memory.require(strideA >= 0 && strideB >= 0, "strides of inputs ≥ 0");
    memory.require(
        batch == 1 || strideC >= (long) (n - 1) * ldc + m, "matrices C apart from each other");
    for (int i = 0; i < batch; i++) {
      // the columns of C are the rows of Cᵀ = op(B)ᵀ·op(A)ᵀ
      double[] left = read("A", a + Float.BYTES * strideA * i, transA ? k : m, transA ? m : k, lda);
      double[] right =
          read("B", b + Float.BYTES * strideB * i, transB ? n : k, transB ? k : n, ldb);
      double[] rows = transA ? transposed(left, k, m) : left;
      Matrix factors = transB ? new Matrix(right, 0, 1, n) : new Matrix(right, 0, k, 1);
      double[] sums = new double[m * n];
      PlainProduct.add(n, m, k, factors, rows, 0, sums, 0);
      long to = c + Float.BYTES * strideC * i;
      for (int column = 0; column < n; column++) {
        memory.write("C", to + (long) Float.BYTES * ldc * column, sums, column * m, m);
      }
    }
  }

  /** A matrix without the gaps between its columns. */
  private double[] read(String what, long address, int rows, int columns, int ld) {
    if (ld == rows) {
      return memory.read(what, address, (long) rows * columns);
    }
    double[] dense = new double[rows * columns];
    for (int column = 0; column < columns; column++) {
      double[] one = memory.read(what, address + (long) Float.BYTES * ld * column, rows);
      System.arraycopy(one, 0, dense, column * rows, rows);
    }
    return dense;
  }

  private static double[] transposed(double[] x, int rows, int columns) {
    double[] y = new double[x.length];
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        y[r * columns + c] = x[c * rows + r];
      }
    }
    return y;
  }
}
