package akin.tensor.cpu;

import akin.tensor.backend.Binary;

/**
 * Arithmetic of two lines of numbers that begin at places of their own: the compiler makes vectors
 * of loops over one common index only.
 */
interface Binaries {
  /** Whether {@link #value} knows {@code f}. */
  static boolean has(Binary f) {
    return f != Binary.POW;
  }

  /** y[yo + i] = f(a[ao + i], b[bo + i]), i &lt; n; y may be a or b from the same place on. */
  void value(Binary f, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n);
}
