package akin.tensor.op;

import akin.tensor.Shape;
import akin.tensor.ShapeException;
import akin.tensor.Tensor;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import java.util.Arrays;

/**
 * Y = op(A)·op(B), per batch: A [..,m,k], B [..,k,n] → Y [..,m,n]; op transposes the last two axes
 * where asked. Batch axes are equal.
 *
 * <p>dA = dY·Bᵀ, dB = Aᵀ·dY, each transposed where its operand was.
 */
public record MatMul(boolean transA, boolean transB) implements Op {
  @Override
  public Shape shape(Shape... in) {
    Shape a = in[0];
    Shape b = in[1];
    ShapeException.check(
        a.rank() >= 2 && a.rank() == b.rank() && batch(a).equals(batch(b)),
        () ->
            ShapeException.of("matmul: batch axes differ")
                .with("A", a)
                .with("B", b)
                .needed("rank ≥ 2, and equal axes before the last two"));
    long k = a.size(transA ? -2 : -1);
    long kB = b.size(transB ? -1 : -2);
    ShapeException.check(
        k == kB,
        () ->
            ShapeException.of("matmul: inner sizes differ")
                .with("A", a + (transA ? " transposed" : ""))
                .with("B", b + (transB ? " transposed" : ""))
                .needed("columns of A = rows of B;  " + k + " ≠ " + kB));
    return a.with(-2, a.size(transA ? -1 : -2)).with(-1, b.size(transB ? -2 : -1));
  }

  @Override
  public void forward(Context c) {
    Sizes s = new Sizes(c);
    c.backend().matmul(c.in(0), transA, c.in(1), transB, c.out(), s.batch, s.m, s.k, s.n);
  }

  @Override
  public void backward(Context c) {
    Sizes s = new Sizes(c);
    if (c.wants(0)) {
      Buffer dA = c.temp(c.shape(0).count());
      if (transA) {
        c.backend().matmul(c.in(1), transB, c.grad(), true, dA, s.batch, s.k, s.n, s.m);
      } else {
        c.backend().matmul(c.grad(), false, c.in(1), !transB, dA, s.batch, s.m, s.n, s.k);
      }
      c.accumulate(0, dA);
    }
    if (c.wants(1)) {
      Buffer dB = c.temp(c.shape(1).count());
      if (transB) {
        c.backend().matmul(c.grad(), true, c.in(0), transA, dB, s.batch, s.n, s.m, s.k);
      } else {
        c.backend().matmul(c.in(0), !transA, c.grad(), false, dB, s.batch, s.k, s.m, s.n);
      }
      c.accumulate(1, dB);
    }
  }

  /**
   * op(A)·op(B) where batch axes stretch as in {@link Broadcast}. A matrix B is not repeated: the
   * rows of all batches of A form one tall matrix.
   */
  public static Tensor stretched(Tensor a, Tensor b, boolean transA, boolean transB) {
    MatMul op = new MatMul(transA, transB);
    int rankA = a.shape().rank();
    int rankB = b.shape().rank();
    if (rankA > 2 && rankB == 2 && !transA) {
      Tensor y = Tensor.apply(op, a.reshape(-1, a.dim(-1)), b);
      return y.reshape(a.shape().with(-1, y.dim(1)));
    }
    if (rankA < 2 || rankB < 2 || batch(a.shape()).equals(batch(b.shape()))) {
      return Tensor.apply(op, a, b);
    }
    Shape batch = Broadcast.of(batch(a.shape()), batch(b.shape())).out();
    return Tensor.apply(op, a.expand(matrices(batch, a)), b.expand(matrices(batch, b)));
  }

  private static Shape matrices(Shape batch, Tensor of) {
    long[] sizes = Arrays.copyOf(batch.toArray(), batch.rank() + 2);
    sizes[batch.rank()] = of.dim(-2);
    sizes[batch.rank() + 1] = of.dim(-1);
    return Shape.of(sizes);
  }

  private static Shape batch(Shape shape) {
    return shape.without(-1).without(-1);
  }

  private final class Sizes {
    final long batch;
    final int m;
    final int k;
    final int n;

    Sizes(Context c) {
      Shape a = c.shape(0);
      batch = a.product(0, a.rank() - 2);
      m = c.outShape().dim(-2);
      n = c.outShape().dim(-1);
      k = a.dim(transA ? -2 : -1);
    }
  }
}
