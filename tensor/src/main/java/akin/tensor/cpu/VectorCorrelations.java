package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of correlations, of one wide row and of differences with the Vector API; no method is
 * called on an accumulator, for the reason given in {@link VectorProducts}.
 */
final class VectorCorrelations {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private VectorCorrelations() {}

  static void taps1(
      float[] x,
      int xo,
      int[] taps,
      int t,
      float[] b,
      int bo,
      int n,
      float[] c,
      int co,
      int pitch) {
    int from0 = xo + taps[t];
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    for (int k = 0; k < n; k++) {
      int row = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from0 + k]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
    }
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
  }

  static void taps2(
      float[] x,
      int xo,
      int[] taps,
      int t,
      float[] b,
      int bo,
      int n,
      float[] c,
      int co,
      int pitch) {
    int from0 = xo + taps[t];
    int from1 = xo + taps[t + 1];
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    for (int k = 0; k < n; k++) {
      int row = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from0 + k]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
    }
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + pitch).add(c1p).intoArray(c, co + pitch);
    FloatVector.fromArray(S, c, co + pitch + L).add(c1q).intoArray(c, co + pitch + L);
  }

  static void taps4(
      float[] x,
      int xo,
      int[] taps,
      int t,
      float[] b,
      int bo,
      int n,
      float[] c,
      int co,
      int pitch) {
    int from0 = xo + taps[t];
    int from1 = xo + taps[t + 1];
    int from2 = xo + taps[t + 2];
    int from3 = xo + taps[t + 3];
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    FloatVector c2p = FloatVector.zero(S);
    FloatVector c2q = FloatVector.zero(S);
    FloatVector c3p = FloatVector.zero(S);
    FloatVector c3q = FloatVector.zero(S);
    for (int k = 0; k < n; k++) {
      int row = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from0 + k]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
    }
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + pitch).add(c1p).intoArray(c, co + pitch);
    FloatVector.fromArray(S, c, co + pitch + L).add(c1q).intoArray(c, co + pitch + L);
    FloatVector.fromArray(S, c, co + 2 * pitch).add(c2p).intoArray(c, co + 2 * pitch);
    FloatVector.fromArray(S, c, co + 2 * pitch + L).add(c2q).intoArray(c, co + 2 * pitch + L);
    FloatVector.fromArray(S, c, co + 3 * pitch).add(c3p).intoArray(c, co + 3 * pitch);
    FloatVector.fromArray(S, c, co + 3 * pitch + L).add(c3q).intoArray(c, co + 3 * pitch + L);
  }

  static void taps8(
      float[] x,
      int xo,
      int[] taps,
      int t,
      float[] b,
      int bo,
      int n,
      float[] c,
      int co,
      int pitch) {
    int from0 = xo + taps[t];
    int from1 = xo + taps[t + 1];
    int from2 = xo + taps[t + 2];
    int from3 = xo + taps[t + 3];
    int from4 = xo + taps[t + 4];
    int from5 = xo + taps[t + 5];
    int from6 = xo + taps[t + 6];
    int from7 = xo + taps[t + 7];
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    FloatVector c2p = FloatVector.zero(S);
    FloatVector c2q = FloatVector.zero(S);
    FloatVector c3p = FloatVector.zero(S);
    FloatVector c3q = FloatVector.zero(S);
    FloatVector c4p = FloatVector.zero(S);
    FloatVector c4q = FloatVector.zero(S);
    FloatVector c5p = FloatVector.zero(S);
    FloatVector c5q = FloatVector.zero(S);
    FloatVector c6p = FloatVector.zero(S);
    FloatVector c6q = FloatVector.zero(S);
    FloatVector c7p = FloatVector.zero(S);
    FloatVector c7q = FloatVector.zero(S);
    for (int k = 0; k < n; k++) {
      int row = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, x[from0 + k]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, x[from1 + k]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, x[from2 + k]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, x[from3 + k]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
      FloatVector x4 = FloatVector.broadcast(S, x[from4 + k]);
      c4p = x4.fma(p, c4p);
      c4q = x4.fma(q, c4q);
      FloatVector x5 = FloatVector.broadcast(S, x[from5 + k]);
      c5p = x5.fma(p, c5p);
      c5q = x5.fma(q, c5q);
      FloatVector x6 = FloatVector.broadcast(S, x[from6 + k]);
      c6p = x6.fma(p, c6p);
      c6q = x6.fma(q, c6q);
      FloatVector x7 = FloatVector.broadcast(S, x[from7 + k]);
      c7p = x7.fma(p, c7p);
      c7q = x7.fma(q, c7q);
    }
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + pitch).add(c1p).intoArray(c, co + pitch);
    FloatVector.fromArray(S, c, co + pitch + L).add(c1q).intoArray(c, co + pitch + L);
    FloatVector.fromArray(S, c, co + 2 * pitch).add(c2p).intoArray(c, co + 2 * pitch);
    FloatVector.fromArray(S, c, co + 2 * pitch + L).add(c2q).intoArray(c, co + 2 * pitch + L);
    FloatVector.fromArray(S, c, co + 3 * pitch).add(c3p).intoArray(c, co + 3 * pitch);
    FloatVector.fromArray(S, c, co + 3 * pitch + L).add(c3q).intoArray(c, co + 3 * pitch + L);
    FloatVector.fromArray(S, c, co + 4 * pitch).add(c4p).intoArray(c, co + 4 * pitch);
    FloatVector.fromArray(S, c, co + 4 * pitch + L).add(c4q).intoArray(c, co + 4 * pitch + L);
    FloatVector.fromArray(S, c, co + 5 * pitch).add(c5p).intoArray(c, co + 5 * pitch);
    FloatVector.fromArray(S, c, co + 5 * pitch + L).add(c5q).intoArray(c, co + 5 * pitch + L);
    FloatVector.fromArray(S, c, co + 6 * pitch).add(c6p).intoArray(c, co + 6 * pitch);
    FloatVector.fromArray(S, c, co + 6 * pitch + L).add(c6q).intoArray(c, co + 6 * pitch + L);
    FloatVector.fromArray(S, c, co + 7 * pitch).add(c7p).intoArray(c, co + 7 * pitch);
    FloatVector.fromArray(S, c, co + 7 * pitch + L).add(c7q).intoArray(c, co + 7 * pitch + L);
  }

  static void wide(float[] a, int ao, float[] b, int bo, int[] rows, int kc, float[] c, int co) {
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector c4 = FloatVector.zero(S);
    FloatVector c5 = FloatVector.zero(S);
    FloatVector c6 = FloatVector.zero(S);
    FloatVector c7 = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int row = bo + rows[k];
      FloatVector x = FloatVector.broadcast(S, a[ao + k]);
      c0 = x.fma(FloatVector.fromArray(S, b, row), c0);
      c1 = x.fma(FloatVector.fromArray(S, b, row + L), c1);
      c2 = x.fma(FloatVector.fromArray(S, b, row + 2 * L), c2);
      c3 = x.fma(FloatVector.fromArray(S, b, row + 3 * L), c3);
      c4 = x.fma(FloatVector.fromArray(S, b, row + 4 * L), c4);
      c5 = x.fma(FloatVector.fromArray(S, b, row + 5 * L), c5);
      c6 = x.fma(FloatVector.fromArray(S, b, row + 6 * L), c6);
      c7 = x.fma(FloatVector.fromArray(S, b, row + 7 * L), c7);
    }
    FloatVector nothing = FloatVector.broadcast(S, VectorProducts.NOTHING);
    nothing.add(c0).intoArray(c, co);
    nothing.add(c1).intoArray(c, co + L);
    nothing.add(c2).intoArray(c, co + 2 * L);
    nothing.add(c3).intoArray(c, co + 3 * L);
    nothing.add(c4).intoArray(c, co + 4 * L);
    nothing.add(c5).intoArray(c, co + 5 * L);
    nothing.add(c6).intoArray(c, co + 6 * L);
    nothing.add(c7).intoArray(c, co + 7 * L);
  }

  static void squares(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    if (!add) {
      VectorProducts.clear(c, co, pitch, 4);
    }
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    FloatVector c2p = FloatVector.zero(S);
    FloatVector c2q = FloatVector.zero(S);
    FloatVector c3p = FloatVector.zero(S);
    FloatVector c3q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int from = ao + k * 4;
      int row = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      FloatVector d0p = x0.sub(p);
      c0p = d0p.fma(d0p, c0p);
      FloatVector d0q = x0.sub(q);
      c0q = d0q.fma(d0q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[from + 1]);
      FloatVector d1p = x1.sub(p);
      c1p = d1p.fma(d1p, c1p);
      FloatVector d1q = x1.sub(q);
      c1q = d1q.fma(d1q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[from + 2]);
      FloatVector d2p = x2.sub(p);
      c2p = d2p.fma(d2p, c2p);
      FloatVector d2q = x2.sub(q);
      c2q = d2q.fma(d2q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[from + 3]);
      FloatVector d3p = x3.sub(p);
      c3p = d3p.fma(d3p, c3p);
      FloatVector d3q = x3.sub(q);
      c3q = d3q.fma(d3q, c3q);
    }
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + pitch).add(c1p).intoArray(c, co + pitch);
    FloatVector.fromArray(S, c, co + pitch + L).add(c1q).intoArray(c, co + pitch + L);
    FloatVector.fromArray(S, c, co + 2 * pitch).add(c2p).intoArray(c, co + 2 * pitch);
    FloatVector.fromArray(S, c, co + 2 * pitch + L).add(c2q).intoArray(c, co + 2 * pitch + L);
    FloatVector.fromArray(S, c, co + 3 * pitch).add(c3p).intoArray(c, co + 3 * pitch);
    FloatVector.fromArray(S, c, co + 3 * pitch + L).add(c3q).intoArray(c, co + 3 * pitch + L);
  }

  static void absolutes(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    if (!add) {
      VectorProducts.clear(c, co, pitch, 4);
    }
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    FloatVector c2p = FloatVector.zero(S);
    FloatVector c2q = FloatVector.zero(S);
    FloatVector c3p = FloatVector.zero(S);
    FloatVector c3q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int from = ao + k * 4;
      int row = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      c0p = x0.sub(p).abs().add(c0p);
      c0q = x0.sub(q).abs().add(c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[from + 1]);
      c1p = x1.sub(p).abs().add(c1p);
      c1q = x1.sub(q).abs().add(c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[from + 2]);
      c2p = x2.sub(p).abs().add(c2p);
      c2q = x2.sub(q).abs().add(c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[from + 3]);
      c3p = x3.sub(p).abs().add(c3p);
      c3q = x3.sub(q).abs().add(c3q);
    }
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + pitch).add(c1p).intoArray(c, co + pitch);
    FloatVector.fromArray(S, c, co + pitch + L).add(c1q).intoArray(c, co + pitch + L);
    FloatVector.fromArray(S, c, co + 2 * pitch).add(c2p).intoArray(c, co + 2 * pitch);
    FloatVector.fromArray(S, c, co + 2 * pitch + L).add(c2q).intoArray(c, co + 2 * pitch + L);
    FloatVector.fromArray(S, c, co + 3 * pitch).add(c3p).intoArray(c, co + 3 * pitch);
    FloatVector.fromArray(S, c, co + 3 * pitch + L).add(c3q).intoArray(c, co + 3 * pitch + L);
  }
}
