package akin.bench;

import akin.bench.Row.Cost;
import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Products of matrices: square, of heads, of attention, and of matrices with a vector. */
final class ProductKernels {
  private static final int HEADS = 12;
  private static final int DEPTH = 64;

  private ProductKernels() {}

  static List<Kernel> all() {
    List<Kernel> all = new ArrayList<>();
    all.add(product(1, 512, 512, 512, ""));
    all.add(product(1, 1024, 1024, 1024, ""));
    all.add(product(1, 256, 2048, 300, ""));
    all.add(product(1, 256, 2048, 300, "Bᵀ"));
    all.add(product(1, 2048, 256, 300, "Aᵀ"));
    all.add(product(1, 64, 300, 300, ""));
    all.add(product(1, 16, 300, 4096, "Bᵀ"));
    for (int tokens : new int[] {50, 197}) { // ViT-B/32 and ViT-B/16
      all.add(product(HEADS, tokens, DEPTH, tokens, "Bᵀ"));
      all.add(product(HEADS, tokens, tokens, DEPTH, ""));
      all.add(product(HEADS, tokens, tokens, DEPTH, "Aᵀ"));
    }
    all.add(product(1, 197, 768, 2304, "Bᵀ"));
    all.add(product(1, 1, 300, 300, ""));
    all.add(product(1, 1, 300, 300, "Bᵀ"));
    all.add(product(1, 1, 2048, 300, "Bᵀ"));
    all.add(product(1, 4, 2048, 300, "Bᵀ"));
    all.add(product(1, 1, 768, 3072, ""));
    all.add(product(1, 3072, 768, 1, ""));
    all.add(product(1, 768, 3072, 1, "Aᵀ"));
    return all;
  }

  /**
   * @param turned Aᵀ or Bᵀ: which operand lies transposed
   */
  private static Kernel product(int batch, int m, int k, int n, String turned) {
    double a = (double) batch * m * k;
    double b = (double) batch * k * n;
    double y = (double) batch * m * n;
    return new Kernel(
        ("gemm " + (batch > 1 ? batch + "·" : "") + m + "x" + k + "x" + n + " " + turned).strip(),
        new Cost(2 * a * n, Float.BYTES * (a + b + y)),
        Math.max(y, Math.max(a, b)),
        o -> {
          Buffer left = o.normal(a);
          Buffer right = o.normal(b);
          Buffer to = o.empty(y);
          boolean transA = turned.equals("Aᵀ");
          boolean transB = turned.equals("Bᵀ");
          return () -> o.backend().matmul(left, transA, right, transB, to, batch, m, k, n);
        });
  }
}
