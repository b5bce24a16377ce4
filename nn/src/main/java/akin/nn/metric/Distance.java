package akin.nn.metric;

import akin.tensor.Tensor;

/**
 * How far apart embeddings are, every anchor from every item. What is a similarity, such as a
 * cosine, says so: there, larger is nearer.
 */
public interface Distance {
  /** [N, D] and [M, D] → [N, M]; gradients flow into both. */
  Tensor of(Tensor anchors, Tensor items);

  /** Whether larger numbers are nearer. */
  boolean similarity();

  /** How much farther x is than y: x − y, and y − x of similarities. */
  default Tensor farther(Tensor x, Tensor y) {
    return similarity() ? y.sub(x) : x.sub(y);
  }

  /** How much farther x is than a bound. */
  default Tensor farther(Tensor x, double bound) {
    return similarity() ? x.neg().add(bound) : x.sub(bound);
  }

  /** Whether x is farther than y. */
  default boolean farther(double x, double y) {
    return similarity() ? x < y : x > y;
  }
}
