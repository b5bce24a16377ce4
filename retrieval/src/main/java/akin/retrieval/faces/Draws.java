package akin.retrieval.faces;

import akin.tensor.RandomStream;

/** One draw after the other from a stream. Each part of a picture has a stream of its own. */
final class Draws {
  private final RandomStream stream;
  private long next;

  Draws(RandomStream stream) {
    this.stream = stream;
  }

  /** True with probability {@code p}. */
  boolean chance(double p) {
    return stream.uniform(next++) < p;
  }

  /** Uniform in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * stream.uniform(next++);
  }

  /** 0 to n − 1. */
  int below(int n) {
    return stream.below(next++, n);
  }

  /** One of the choices. */
  <T> T pick(T[] choices) {
    return choices[below(choices.length)];
  }
}
