package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows of a block through a kernel of 3×3, two cells at once: of every cell, or of every other one.
 * Comparing and choosing keep NaN, and are half the instructions of max and min.
 */
final class VectorNeighbours {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private VectorNeighbours() {}

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  private static void store(FloatVector v, FloatVector low, FloatVector high, float[] y, int at) {
    FloatVector u = v.blend(low, v.compare(VectorOperators.LE, low));
    u.blend(high, u.compare(VectorOperators.GT, high)).intoArray(y, at);
  }

  static void by1(
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int n,
      int rows,
      float least,
      float most) {
    FloatVector low = FloatVector.broadcast(S, least);
    FloatVector high = FloatVector.broadcast(S, most);
    FloatVector w0 = load(w, wo);
    FloatVector w1 = load(w, wo + L);
    FloatVector w2 = load(w, wo + 2 * L);
    FloatVector w3 = load(w, wo + 3 * L);
    FloatVector w4 = load(w, wo + 4 * L);
    FloatVector w5 = load(w, wo + 5 * L);
    FloatVector w6 = load(w, wo + 6 * L);
    FloatVector w7 = load(w, wo + 7 * L);
    FloatVector w8 = load(w, wo + 8 * L);
    FloatVector bias = load(w, wo + 9 * L);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < n; j += 2) {
        int at = xo + row * pitch + j * L;
        int to = yo + (row * n + j) * L;
        FloatVector s0 = bias;
        FloatVector s1 = bias;
        FloatVector a0 = load(x, at);
        s0 = w0.fma(a0, s0);
        FloatVector a1 = load(x, at + L);
        s0 = w1.fma(a1, s0);
        s1 = w0.fma(a1, s1);
        FloatVector a2 = load(x, at + 2 * L);
        s0 = w2.fma(a2, s0);
        s1 = w1.fma(a2, s1);
        FloatVector a3 = load(x, at + 3 * L);
        s1 = w2.fma(a3, s1);
        FloatVector b0 = load(x, at + pitch);
        s0 = w3.fma(b0, s0);
        FloatVector b1 = load(x, at + pitch + L);
        s0 = w4.fma(b1, s0);
        s1 = w3.fma(b1, s1);
        FloatVector b2 = load(x, at + pitch + 2 * L);
        s0 = w5.fma(b2, s0);
        s1 = w4.fma(b2, s1);
        FloatVector b3 = load(x, at + pitch + 3 * L);
        s1 = w5.fma(b3, s1);
        FloatVector c0 = load(x, at + 2 * pitch);
        s0 = w6.fma(c0, s0);
        FloatVector c1 = load(x, at + 2 * pitch + L);
        s0 = w7.fma(c1, s0);
        s1 = w6.fma(c1, s1);
        FloatVector c2 = load(x, at + 2 * pitch + 2 * L);
        s0 = w8.fma(c2, s0);
        s1 = w7.fma(c2, s1);
        FloatVector c3 = load(x, at + 2 * pitch + 3 * L);
        s1 = w8.fma(c3, s1);
        store(s0, low, high, y, to);
        store(s1, low, high, y, to + L);
      }
    }
  }

  static void by2(
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int n,
      int rows,
      float least,
      float most) {
    FloatVector low = FloatVector.broadcast(S, least);
    FloatVector high = FloatVector.broadcast(S, most);
    FloatVector w0 = load(w, wo);
    FloatVector w1 = load(w, wo + L);
    FloatVector w2 = load(w, wo + 2 * L);
    FloatVector w3 = load(w, wo + 3 * L);
    FloatVector w4 = load(w, wo + 4 * L);
    FloatVector w5 = load(w, wo + 5 * L);
    FloatVector w6 = load(w, wo + 6 * L);
    FloatVector w7 = load(w, wo + 7 * L);
    FloatVector w8 = load(w, wo + 8 * L);
    FloatVector bias = load(w, wo + 9 * L);
    for (int row = 0; row < rows; row++) {
      for (int j = 0; j < n; j += 2) {
        int at = xo + row * (2 * pitch) + j * (2 * L);
        int to = yo + (row * n + j) * L;
        FloatVector s0 = bias;
        FloatVector s1 = bias;
        FloatVector a0 = load(x, at);
        s0 = w0.fma(a0, s0);
        FloatVector a1 = load(x, at + L);
        s0 = w1.fma(a1, s0);
        FloatVector a2 = load(x, at + 2 * L);
        s0 = w2.fma(a2, s0);
        s1 = w0.fma(a2, s1);
        FloatVector a3 = load(x, at + 3 * L);
        s1 = w1.fma(a3, s1);
        FloatVector a4 = load(x, at + 4 * L);
        s1 = w2.fma(a4, s1);
        FloatVector b0 = load(x, at + pitch);
        s0 = w3.fma(b0, s0);
        FloatVector b1 = load(x, at + pitch + L);
        s0 = w4.fma(b1, s0);
        FloatVector b2 = load(x, at + pitch + 2 * L);
        s0 = w5.fma(b2, s0);
        s1 = w3.fma(b2, s1);
        FloatVector b3 = load(x, at + pitch + 3 * L);
        s1 = w4.fma(b3, s1);
        FloatVector b4 = load(x, at + pitch + 4 * L);
        s1 = w5.fma(b4, s1);
        FloatVector c0 = load(x, at + 2 * pitch);
        s0 = w6.fma(c0, s0);
        FloatVector c1 = load(x, at + 2 * pitch + L);
        s0 = w7.fma(c1, s0);
        FloatVector c2 = load(x, at + 2 * pitch + 2 * L);
        s0 = w8.fma(c2, s0);
        s1 = w6.fma(c2, s1);
        FloatVector c3 = load(x, at + 2 * pitch + 3 * L);
        s1 = w7.fma(c3, s1);
        FloatVector c4 = load(x, at + 2 * pitch + 4 * L);
        s1 = w8.fma(c4, s1);
        store(s0, low, high, y, to);
        store(s1, low, high, y, to + L);
      }
    }
  }
}
