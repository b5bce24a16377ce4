package akin.tensor.check;

/**
 * How far a computed number may lie from the true one: {@code roundings · u · magnitude}, where u
 * is the unit roundoff of the backend under test (2⁻²⁴ for float32). For a sum of k products, k
 * roundings of Σ|terms| is the classical bound, in whatever order they are added (Higham, "Accuracy
 * and Stability of Numerical Algorithms", 3.1).
 *
 * @param roundings how many roundings meet in one number; 0 for an exact copy
 * @param magnitude what is rounded, one number for all elements or one for each; null for the
 *     result of the same call on absolute values, which is Σ|terms|
 * @param more what comes on top for each element, in units of u; null for nothing
 */
record Bound(double roundings, double[] magnitude, double[] more) {
  /** The number itself, NaN included. */
  static final Bound EXACT = new Bound(0, new double[1], null);

  /** So many roundings of the sum of the absolute terms. */
  static Bound ofTerms(double roundings) {
    return new Bound(roundings, null, null);
  }

  /** So many roundings of {@code magnitude}, one for all elements or one for each. */
  static Bound of(double roundings, double... magnitude) {
    return new Bound(roundings, magnitude, null);
  }

  /** This bound and {@code more} unit roundoffs. */
  Bound plus(double[] more) {
    return new Bound(roundings, magnitude, more);
  }

  boolean exact() {
    return roundings == 0;
  }

  /** The allowed error of element {@code i}; {@code terms} is the result on absolute values. */
  double at(int i, double[] terms, Precision precision) {
    double[] m = magnitude == null ? terms : magnitude;
    double largest = Math.abs(m.length == 1 ? m[0] : m[i]);
    double above = more == null ? 0 : precision.roundoff() * more[i];
    return roundings * (precision.roundoff() * largest + precision.tiny()) + above;
  }

  /**
   * How a backend stores numbers.
   *
   * @param roundoff largest relative error of one rounding, of the backend and of the oracle
   * @param tiny numbers below this may be flushed to zero
   */
  record Precision(double roundoff, double tiny, boolean single) {
    /** The precision of elements of {@code bytes} bytes. */
    static Precision of(int bytes) {
      return bytes == Float.BYTES
          ? new Precision(0x1p-24 + 0x1p-53, Float.MIN_NORMAL, true)
          : new Precision(0x1p-52, Double.MIN_NORMAL, false);
    }

    /** {@code x} as this precision stores it. */
    double round(double x) {
      return single ? (float) x : x;
    }
  }
}
