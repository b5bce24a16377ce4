package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/** A tensor of a {@link Graph}: its input, a constant, or what a node makes. */
public final class Value {
  private final Shape shape;
  private final Tensor constant;
  private Value seen; // what this is another view of

  private Value(Shape shape, Tensor constant) {
    this.shape = shape;
    this.constant = constant;
  }

  /** A tensor that is known only when the plan runs. */
  public static Value of(Shape shape) {
    return new Value(shape, null);
  }

  /** A tensor that is the same in every run, such as a weight. */
  public static Value constant(Tensor tensor) {
    return new Value(tensor.shape(), tensor);
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** Whether it is the same in every run. */
  public boolean isConstant() {
    return constant != null;
  }

  /** The tensor that is the same in every run, or null. */
  public Tensor constant() {
    return constant;
  }

  /** Declares this to be the same memory as {@code other}, in its own shape. */
  void view(Value other) {
    seen = other;
  }

  /** Where the memory comes from: this, or what this is a view of. */
  public Value root() {
    Value root = this;
    while (root.seen != null) {
      root = root.seen;
    }
    return root;
  }
}
