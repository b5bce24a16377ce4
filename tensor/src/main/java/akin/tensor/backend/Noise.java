package akin.tensor.backend;

import akin.tensor.RandomStream;

/** Distributions that {@link Backend#random} draws from, element i from element i of the stream. */
public enum Noise {
  /** Uniform in [a, b). */
  UNIFORM,
  /** Normal with mean a and deviation b. */
  NORMAL,
  /** b with probability a, else 0: a dropout mask. */
  MASK;

  /** Element {@code i} of the distribution: the definition. */
  public double at(RandomStream stream, long i, double a, double b) {
    switch (this) {
      case UNIFORM:
        return a + (b - a) * stream.uniform(i);
      case NORMAL:
        return a + b * stream.gaussian(i);
      case MASK:
        return stream.uniform(i) < a ? b : 0;
      default:
        throw new AssertionError(this);
    }
  }
}
