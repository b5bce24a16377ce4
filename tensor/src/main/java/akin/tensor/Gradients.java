package akin.tensor;

import java.util.IdentityHashMap;
import java.util.Map;

/** The gradients of one loss, by leaf; they belong to the tape that made them. */
public final class Gradients {
  private final Map<Tensor, Tensor> byLeaf;

  Gradients(Map<Tensor, Tensor> byLeaf) {
    this.byLeaf = byLeaf;
  }

  /** Of a loss that depends on nothing. */
  public static Gradients none() {
    return new Gradients(Map.of());
  }

  /** Those of the sum of this loss and another one, in the innermost scope. */
  public Gradients plus(Gradients other) {
    Map<Tensor, Tensor> sum = new IdentityHashMap<>();
    byLeaf.forEach((leaf, g) -> sum.put(leaf, other.has(leaf) ? g.add(other.of(leaf)) : g.mul(1)));
    other.byLeaf.forEach((leaf, g) -> sum.computeIfAbsent(leaf, only -> g.mul(1)));
    return new Gradients(sum);
  }

  /** Whether the loss depends on {@code leaf}. */
  public boolean has(Tensor leaf) {
    return byLeaf.containsKey(leaf);
  }

  /** ∂loss/∂leaf, like the leaf. */
  public Tensor of(Tensor leaf) {
    Tensor gradient = byLeaf.get(leaf);
    if (gradient == null) {
      throw new IllegalArgumentException(
          "the loss does not depend on this tensor, or it was not asked for: call"
              + " requireGradient() before the forward pass, or test with has()");
    }
    return gradient;
  }
}
