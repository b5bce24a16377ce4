package akin.nn;

import akin.tensor.Tensor;

/**
 * Networks side by side that are trained and saved as one, such as an image head and an attribute
 * network. Apply the parts, not the bundle.
 */
public final class Bundle extends Layer {
  /** Adds a part; its parameters' names begin with {@code name} and a dot. */
  public Bundle with(String name, Layer part) {
    child(name, part);
    return this;
  }

  @Override
  protected Tensor forward(Tensor x) {
    throw new UnsupportedOperationException(
        "a bundle computes nothing by itself: apply its parts " + children().keySet());
  }
}
