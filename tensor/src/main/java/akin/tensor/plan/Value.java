package akin.tensor.plan;

import akin.tensor.Shape;
import akin.tensor.Tensor;

/** A tensor of a {@link Graph}: its input, a constant, or what a node makes. */
public final class Value {
  private final Shape shape;
  private final int block;
  private final Tensor constant;
  private Value seen; // what this is another view of

  private Value(Shape shape, int block, Tensor constant) {
    this.shape = shape;
    this.block = block;
    this.constant = constant;
  }

  /** A tensor that is known only when the plan runs. */
  public static Value of(Shape shape) {
    return of(shape, 1);
  }

  /**
   * The same with its numbers in {@link Blocking blocks} of channels.
   *
   * @param block channels of a block; 1 for the order of the shape
   */
  public static Value of(Shape shape, int block) {
    return new Value(shape, block, null);
  }

  /** A tensor that is the same in every run, such as a weight. */
  public static Value constant(Tensor tensor) {
    return new Value(tensor.shape(), 1, tensor);
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** Channels that lie side by side: 1, or those of a {@link Blocking block}. */
  public int block() {
    return block;
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
