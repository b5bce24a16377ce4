package akin.tensor.op;

import akin.tensor.Shape;

/**
 * An operator: its shape rule, its forward and its backward, in one place. The permits clause is
 * the table of contents.
 */
public sealed interface Op
    permits AdaptivePool2d,
        Affine,
        BatchNorm,
        BinaryOp,
        Concat,
        Conv2d,
        CrossEntropy,
        CustomOp,
        Distances,
        Dropout,
        Expand,
        GatherRows,
        LayerNorm,
        MatMul,
        Normalize,
        Pad,
        Permute,
        Pool2d,
        Reduce,
        Reshape,
        ScatterAddRows,
        Slice,
        Softmax,
        TripletHinge,
        UnaryOp {
  /** Shape of the output for inputs of these shapes; throws if they do not fit. */
  Shape shape(Shape... in);

  /** Computes the output from the inputs. */
  void forward(Context c);

  /** Adds dY·∂Y/∂X to the gradient of every input X that wants one. */
  void backward(Context c);

  /** Whether backward has anything to do; a comparison has not, and is not recorded. */
  default boolean differentiable() {
    return true;
  }

  /**
   * Whether the output is a function of the inputs alone and nothing else changes: no noise, no
   * state. Only then can the operator be part of a {@link akin.tensor.Plan}.
   */
  default boolean pure() {
    return true;
  }

  /** The name in messages. */
  default String name() {
    return getClass().getSimpleName();
  }
}
