package akin.nn;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;

/**
 * A named tensor of a {@link Layer} that lasts: a weight, which learns, or a buffer such as a
 * running mean, which does not. It has a shape from the start and values once the network is
 * {@linkplain Layer#initialise initialised}.
 */
public final class Parameter {
  private final Shape shape;
  private final boolean learns;
  private Initializer initializer;
  private String name;
  private Tensor tensor;

  Parameter(String name, Shape shape, boolean learns, Initializer initializer) {
    this.name = name;
    this.shape = shape;
    this.learns = learns;
    this.initializer = initializer;
  }

  /** Chooses other first values; before the network is initialised. */
  public Parameter startWith(Initializer other) {
    if (tensor != null) {
      throw new IllegalStateException(name + " has its values already");
    }
    initializer = other;
    return this;
  }

  /** The name in the network's state dict, such as {@code layer1.0.conv1.weight}. */
  public String name() {
    return name;
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** Whether this is a weight, not a buffer. */
  public boolean learns() {
    return learns;
  }

  /** The values; they belong to the network's scope. */
  public Tensor tensor() {
    if (tensor == null) {
      throw new IllegalStateException(
          name + " has no values yet: call initialise(backend, seed) on the whole network first");
    }
    return tensor;
  }

  void initialise(String fullName, RandomStream stream) {
    start(fullName, initializer.make(shape, stream.child(fullName)));
  }

  void allocate(String fullName) {
    start(fullName, Tensor.zeros(shape));
  }

  private void start(String fullName, Tensor values) {
    name = fullName;
    tensor = values.requireGradient(learns);
  }

  @Override
  public String toString() {
    return name + " " + shape;
  }
}
