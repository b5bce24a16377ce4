package akin.bench;

import akin.bench.Row.Cost;
import akin.bench.Row.Target;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import java.util.List;

/** Products of matrices, [m,k]·[k,n] → [m,n]. */
final class Products {
  private Products() {}

  static Row row(int m, int k, int n) {
    double flops = 2.0 * m * k * n;
    double bytes = 4.0 * ((double) m * k + (double) k * n + (double) m * n);
    return new Row(
        "sgemm " + m + "x" + k + "x" + n,
        "GFLOP/s",
        flops / 1e9,
        new Cost(flops, bytes),
        Target.of(1.0),
        List.of(Peer.NUMPY, Peer.TORCH, Peer.DJL),
        1,
        (backend, threads) -> product(backend, m, k, n));
  }

  private static Task product(Backend backend, int m, int k, int n) {
    Scope scope = Scope.open(backend);
    Tensor a = Numbers.normal(Shape.of(m, k));
    Tensor b = Numbers.normal(Shape.of(k, n));
    return new Task() {
      @Override
      public void run() {
        try (Scope call = Scope.open()) {
          a.matmul(b);
          backend.synchronize();
        }
      }

      @Override
      public void close() {
        scope.close();
      }
    };
  }
}
