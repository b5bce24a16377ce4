package akin.tensor.plan;

import akin.tensor.op.AdaptivePool2d;
import akin.tensor.op.Affine;
import akin.tensor.op.BinaryOp;
import akin.tensor.op.Context;
import akin.tensor.op.Conv2d;
import akin.tensor.op.MatMul;
import akin.tensor.op.Op;
import akin.tensor.op.Pool2d;
import akin.tensor.op.Softmax;
import akin.tensor.op.UnaryOp;

/** What a node computes: an operator as it was traced, or one that only plans have. */
public sealed interface Work permits Work.Operator, Fused, InvertedResidual, Reorder {
  /** Computes the output from the inputs. */
  void forward(Context c);

  /** The name in listings. */
  String name();

  /**
   * Whether the output may lie where an input of the same shape lies: elementwise work, which reads
   * an element before it writes it.
   */
  default boolean inPlace() {
    return false;
  }

  /**
   * Whether the work goes by the shapes of its tensors alone, so that their buffers may be longer.
   */
  default boolean byShape() {
    return false;
  }

  /** An operator as it was traced. */
  record Operator(Op op) implements Work {
    @Override
    public void forward(Context c) {
      op.forward(c);
    }

    @Override
    public String name() {
      return op.name();
    }

    @Override
    public boolean inPlace() {
      return op instanceof UnaryOp || op instanceof Affine || op instanceof BinaryOp;
    }

    @Override
    public boolean byShape() {
      return op instanceof Conv2d
          || op instanceof MatMul
          || op instanceof Pool2d
          || op instanceof AdaptivePool2d
          || op instanceof Softmax;
    }
  }
}
