package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.Distance;

/**
 * Y[i,j] = the distance of row i of A and row j of B: A [N,D], B [M,D] → Y [N,M].
 *
 * <p>dA[i] = Σ_j dY[i,j]·∂distance(a_i, b_j)/∂a_i, and dB[j] = Σ_i dY[i,j]·∂distance(a_i,
 * b_j)/∂b_j; the formulas stand in {@link Distance}.
 */
public record Distances(Distance f) implements Op {
  @Override
  public Shape shape(Shape... in) {
    ShapeException.check(
        in[0].rank() == 2 && in[1].rank() == 2 && in[0].size(1) == in[1].size(1),
        () ->
            ShapeException.of("distances: the rows are of different length")
                .with("A", in[0])
                .with("B", in[1])
                .needed("A [N,D], B [M,D]"));
    return Shape.of(in[0].size(0), in[1].size(0));
  }

  @Override
  public void forward(Context c) {
    int n = c.outShape().dim(0);
    int m = c.outShape().dim(1);
    c.backend().distances(f, c.in(0), c.in(1), c.out(), n, m, c.shape(0).dim(1));
  }

  @Override
  public void backward(Context c) {
    for (int i = 0; i < 2; i++) {
      if (c.wants(i)) {
        int other = 1 - i;
        int n = c.shape(i).dim(0);
        int m = c.shape(other).dim(0);
        int d = c.shape(0).dim(1);
        Buffer dx = c.temp(c.shape(i).count());
        c.backend().distancesGrad(f, c.in(i), c.in(other), c.out(), c.grad(), i == 1, dx, n, m, d);
        c.accumulate(i, dx);
      }
    }
  }
}
