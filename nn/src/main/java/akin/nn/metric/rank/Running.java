package akin.nn.metric.rank;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/** Running sums along a row, as a product with a triangle of ones. */
final class Running {
  private Running() {}

  /** [n, n] with 1 on and above the diagonal: x·this has Σ_{i≤k} x_i in column k. */
  static Tensor triangle(int n) {
    double[] ones = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = i; k < n; k++) {
        ones[i * n + k] = 1;
      }
    }
    return Tensor.of(Shape.of(n, n), ones);
  }
}
