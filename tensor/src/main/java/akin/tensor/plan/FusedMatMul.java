package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.backend.Activation;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Buffer;
import akin.tensor.op.Context;
import akin.tensor.op.MatMul;

/**
 * Y = act(X·op(W) + b + R): a linear layer with what follows it. X [rows,k], op(W) [k,n] constant
 * (W is stored [n,k] if {@code transposed}), b [n] if {@code biased}, R like Y if {@code residual}.
 */
public record FusedMatMul(boolean transposed, boolean biased, boolean residual, Activation act)
    implements Fused {
  /** The product of a node, with its epilogue; null if it is something else. */
  public static FusedMatMul of(Node node) {
    if (node.work() instanceof Work.Operator o
        && o.op() instanceof MatMul product
        && !product.transA()
        && node.output().shape().rank() == 2
        && node.inputs().get(1).isConstant()) {
      return new FusedMatMul(product.transB(), false, false, Activation.IDENTITY);
    }
    return node.work() instanceof FusedMatMul fused ? fused : null;
  }

  @Override
  public void forward(Context c) {
    Backend backend = c.backend();
    int k = c.shape(1).dim(transposed ? 1 : 0);
    int n = c.shape(1).dim(transposed ? 0 : 1);
    Shape rows = Shape.of(c.shape(0).count() / Math.max(1, k), n);
    int m = rows.dim(0);
    Buffer product = biased ? c.temp(rows.count()) : c.out();
    backend.matmul(c.in(0), false, c.in(1), transposed, product, 1, m, k, n);
    if (biased) {
      Broadcast perColumn = Broadcast.of(rows, Shape.of(n));
      backend.binary(Binary.ADD, product, c.in(2), c.out(), perColumn);
    }
    if (residual) {
      Buffer added = c.in(biased ? 3 : 2);
      backend.binary(Binary.ADD, c.out(), added, c.out(), Broadcast.of(rows, rows));
    }
    if (act != Activation.IDENTITY) {
      backend.unary(act.unary(), 0, 0, c.out(), c.out());
    }
  }

  /** [n] or [1,…,1,n] for an output [..,n]. */
  @Override
  public boolean perChannel(Shape shape, Shape product, Shape seen) {
    long n = product.size(-1);
    return shape.rank() >= 1
        && shape.rank() <= seen.rank()
        && shape.size(-1) == n
        && shape.count() == n
        && seen.size(-1) == n;
  }

  @Override
  public FusedMatMul withBias() {
    return new FusedMatMul(transposed, true, residual, act);
  }

  @Override
  public FusedMatMul withResidual() {
    return new FusedMatMul(transposed, biased, true, act);
  }

  @Override
  public FusedMatMul withActivation(Activation other) {
    return new FusedMatMul(transposed, biased, residual, other);
  }

  @Override
  public String name() {
    return "MatMul" + epilogue();
  }
}
