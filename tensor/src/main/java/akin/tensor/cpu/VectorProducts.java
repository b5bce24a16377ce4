package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of products with the Vector API. All accumulators are local variables, written out, and
 * stored without a condition each: the compiler keeps those in registers, anything else in memory.
 */
final class VectorProducts {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private VectorProducts() {}

  static void rows1(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int from = ao + k;
      int row = bo + rows[k];
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
    }
    if (add) {
      c0p = c0p.add(FloatVector.fromArray(S, c, co));
      c0q = c0q.add(FloatVector.fromArray(S, c, co + L));
    }
    c0p.intoArray(c, co);
    c0q.intoArray(c, co + L);
  }

  static void rows2(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int from = ao + k * 2;
      int row = bo + rows[k];
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[from + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
    }
    if (add) {
      c0p = c0p.add(FloatVector.fromArray(S, c, co));
      c0q = c0q.add(FloatVector.fromArray(S, c, co + L));
      c1p = c1p.add(FloatVector.fromArray(S, c, co + pitch));
      c1q = c1q.add(FloatVector.fromArray(S, c, co + pitch + L));
    }
    c0p.intoArray(c, co);
    c0q.intoArray(c, co + L);
    c1p.intoArray(c, co + pitch);
    c1q.intoArray(c, co + pitch + L);
  }

  static void rows4(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
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
      int row = bo + rows[k];
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[from + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[from + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[from + 3]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
    }
    if (add) {
      c0p = c0p.add(FloatVector.fromArray(S, c, co));
      c0q = c0q.add(FloatVector.fromArray(S, c, co + L));
      c1p = c1p.add(FloatVector.fromArray(S, c, co + pitch));
      c1q = c1q.add(FloatVector.fromArray(S, c, co + pitch + L));
      c2p = c2p.add(FloatVector.fromArray(S, c, co + 2 * pitch));
      c2q = c2q.add(FloatVector.fromArray(S, c, co + 2 * pitch + L));
      c3p = c3p.add(FloatVector.fromArray(S, c, co + 3 * pitch));
      c3q = c3q.add(FloatVector.fromArray(S, c, co + 3 * pitch + L));
    }
    c0p.intoArray(c, co);
    c0q.intoArray(c, co + L);
    c1p.intoArray(c, co + pitch);
    c1q.intoArray(c, co + pitch + L);
    c2p.intoArray(c, co + 2 * pitch);
    c2q.intoArray(c, co + 2 * pitch + L);
    c3p.intoArray(c, co + 3 * pitch);
    c3q.intoArray(c, co + 3 * pitch + L);
  }

  static void rows6(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
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
    for (int k = 0; k < kc; k++) {
      int from = ao + k * 6;
      int row = bo + rows[k];
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[from + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[from + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[from + 3]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
      FloatVector x4 = FloatVector.broadcast(S, a[from + 4]);
      c4p = x4.fma(p, c4p);
      c4q = x4.fma(q, c4q);
      FloatVector x5 = FloatVector.broadcast(S, a[from + 5]);
      c5p = x5.fma(p, c5p);
      c5q = x5.fma(q, c5q);
    }
    if (add) {
      c0p = c0p.add(FloatVector.fromArray(S, c, co));
      c0q = c0q.add(FloatVector.fromArray(S, c, co + L));
      c1p = c1p.add(FloatVector.fromArray(S, c, co + pitch));
      c1q = c1q.add(FloatVector.fromArray(S, c, co + pitch + L));
      c2p = c2p.add(FloatVector.fromArray(S, c, co + 2 * pitch));
      c2q = c2q.add(FloatVector.fromArray(S, c, co + 2 * pitch + L));
      c3p = c3p.add(FloatVector.fromArray(S, c, co + 3 * pitch));
      c3q = c3q.add(FloatVector.fromArray(S, c, co + 3 * pitch + L));
      c4p = c4p.add(FloatVector.fromArray(S, c, co + 4 * pitch));
      c4q = c4q.add(FloatVector.fromArray(S, c, co + 4 * pitch + L));
      c5p = c5p.add(FloatVector.fromArray(S, c, co + 5 * pitch));
      c5q = c5q.add(FloatVector.fromArray(S, c, co + 5 * pitch + L));
    }
    c0p.intoArray(c, co);
    c0q.intoArray(c, co + L);
    c1p.intoArray(c, co + pitch);
    c1q.intoArray(c, co + pitch + L);
    c2p.intoArray(c, co + 2 * pitch);
    c2q.intoArray(c, co + 2 * pitch + L);
    c3p.intoArray(c, co + 3 * pitch);
    c3q.intoArray(c, co + 3 * pitch + L);
    c4p.intoArray(c, co + 4 * pitch);
    c4q.intoArray(c, co + 4 * pitch + L);
    c5p.intoArray(c, co + 5 * pitch);
    c5q.intoArray(c, co + 5 * pitch + L);
  }

  static void rows8(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
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
    for (int k = 0; k < kc; k++) {
      int from = ao + k * 8;
      int row = bo + rows[k];
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[from + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[from + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[from + 3]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
      FloatVector x4 = FloatVector.broadcast(S, a[from + 4]);
      c4p = x4.fma(p, c4p);
      c4q = x4.fma(q, c4q);
      FloatVector x5 = FloatVector.broadcast(S, a[from + 5]);
      c5p = x5.fma(p, c5p);
      c5q = x5.fma(q, c5q);
      FloatVector x6 = FloatVector.broadcast(S, a[from + 6]);
      c6p = x6.fma(p, c6p);
      c6q = x6.fma(q, c6q);
      FloatVector x7 = FloatVector.broadcast(S, a[from + 7]);
      c7p = x7.fma(p, c7p);
      c7q = x7.fma(q, c7q);
    }
    if (add) {
      c0p = c0p.add(FloatVector.fromArray(S, c, co));
      c0q = c0q.add(FloatVector.fromArray(S, c, co + L));
      c1p = c1p.add(FloatVector.fromArray(S, c, co + pitch));
      c1q = c1q.add(FloatVector.fromArray(S, c, co + pitch + L));
      c2p = c2p.add(FloatVector.fromArray(S, c, co + 2 * pitch));
      c2q = c2q.add(FloatVector.fromArray(S, c, co + 2 * pitch + L));
      c3p = c3p.add(FloatVector.fromArray(S, c, co + 3 * pitch));
      c3q = c3q.add(FloatVector.fromArray(S, c, co + 3 * pitch + L));
      c4p = c4p.add(FloatVector.fromArray(S, c, co + 4 * pitch));
      c4q = c4q.add(FloatVector.fromArray(S, c, co + 4 * pitch + L));
      c5p = c5p.add(FloatVector.fromArray(S, c, co + 5 * pitch));
      c5q = c5q.add(FloatVector.fromArray(S, c, co + 5 * pitch + L));
      c6p = c6p.add(FloatVector.fromArray(S, c, co + 6 * pitch));
      c6q = c6q.add(FloatVector.fromArray(S, c, co + 6 * pitch + L));
      c7p = c7p.add(FloatVector.fromArray(S, c, co + 7 * pitch));
      c7q = c7q.add(FloatVector.fromArray(S, c, co + 7 * pitch + L));
    }
    c0p.intoArray(c, co);
    c0q.intoArray(c, co + L);
    c1p.intoArray(c, co + pitch);
    c1q.intoArray(c, co + pitch + L);
    c2p.intoArray(c, co + 2 * pitch);
    c2q.intoArray(c, co + 2 * pitch + L);
    c3p.intoArray(c, co + 3 * pitch);
    c3q.intoArray(c, co + 3 * pitch + L);
    c4p.intoArray(c, co + 4 * pitch);
    c4q.intoArray(c, co + 4 * pitch + L);
    c5p.intoArray(c, co + 5 * pitch);
    c5q.intoArray(c, co + 5 * pitch + L);
    c6p.intoArray(c, co + 6 * pitch);
    c6q.intoArray(c, co + 6 * pitch + L);
    c7p.intoArray(c, co + 7 * pitch);
    c7q.intoArray(c, co + 7 * pitch + L);
  }

  static void rows12(
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] rows,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
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
    FloatVector c8p = FloatVector.zero(S);
    FloatVector c8q = FloatVector.zero(S);
    FloatVector c9p = FloatVector.zero(S);
    FloatVector c9q = FloatVector.zero(S);
    FloatVector c10p = FloatVector.zero(S);
    FloatVector c10q = FloatVector.zero(S);
    FloatVector c11p = FloatVector.zero(S);
    FloatVector c11q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int from = ao + k * 12;
      int row = bo + rows[k];
      FloatVector p = FloatVector.fromArray(S, b, row);
      FloatVector q = FloatVector.fromArray(S, b, row + L);
      FloatVector x0 = FloatVector.broadcast(S, a[from]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[from + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[from + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[from + 3]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
      FloatVector x4 = FloatVector.broadcast(S, a[from + 4]);
      c4p = x4.fma(p, c4p);
      c4q = x4.fma(q, c4q);
      FloatVector x5 = FloatVector.broadcast(S, a[from + 5]);
      c5p = x5.fma(p, c5p);
      c5q = x5.fma(q, c5q);
      FloatVector x6 = FloatVector.broadcast(S, a[from + 6]);
      c6p = x6.fma(p, c6p);
      c6q = x6.fma(q, c6q);
      FloatVector x7 = FloatVector.broadcast(S, a[from + 7]);
      c7p = x7.fma(p, c7p);
      c7q = x7.fma(q, c7q);
      FloatVector x8 = FloatVector.broadcast(S, a[from + 8]);
      c8p = x8.fma(p, c8p);
      c8q = x8.fma(q, c8q);
      FloatVector x9 = FloatVector.broadcast(S, a[from + 9]);
      c9p = x9.fma(p, c9p);
      c9q = x9.fma(q, c9q);
      FloatVector x10 = FloatVector.broadcast(S, a[from + 10]);
      c10p = x10.fma(p, c10p);
      c10q = x10.fma(q, c10q);
      FloatVector x11 = FloatVector.broadcast(S, a[from + 11]);
      c11p = x11.fma(p, c11p);
      c11q = x11.fma(q, c11q);
    }
    if (add) {
      c0p = c0p.add(FloatVector.fromArray(S, c, co));
      c0q = c0q.add(FloatVector.fromArray(S, c, co + L));
      c1p = c1p.add(FloatVector.fromArray(S, c, co + pitch));
      c1q = c1q.add(FloatVector.fromArray(S, c, co + pitch + L));
      c2p = c2p.add(FloatVector.fromArray(S, c, co + 2 * pitch));
      c2q = c2q.add(FloatVector.fromArray(S, c, co + 2 * pitch + L));
      c3p = c3p.add(FloatVector.fromArray(S, c, co + 3 * pitch));
      c3q = c3q.add(FloatVector.fromArray(S, c, co + 3 * pitch + L));
      c4p = c4p.add(FloatVector.fromArray(S, c, co + 4 * pitch));
      c4q = c4q.add(FloatVector.fromArray(S, c, co + 4 * pitch + L));
      c5p = c5p.add(FloatVector.fromArray(S, c, co + 5 * pitch));
      c5q = c5q.add(FloatVector.fromArray(S, c, co + 5 * pitch + L));
      c6p = c6p.add(FloatVector.fromArray(S, c, co + 6 * pitch));
      c6q = c6q.add(FloatVector.fromArray(S, c, co + 6 * pitch + L));
      c7p = c7p.add(FloatVector.fromArray(S, c, co + 7 * pitch));
      c7q = c7q.add(FloatVector.fromArray(S, c, co + 7 * pitch + L));
      c8p = c8p.add(FloatVector.fromArray(S, c, co + 8 * pitch));
      c8q = c8q.add(FloatVector.fromArray(S, c, co + 8 * pitch + L));
      c9p = c9p.add(FloatVector.fromArray(S, c, co + 9 * pitch));
      c9q = c9q.add(FloatVector.fromArray(S, c, co + 9 * pitch + L));
      c10p = c10p.add(FloatVector.fromArray(S, c, co + 10 * pitch));
      c10q = c10q.add(FloatVector.fromArray(S, c, co + 10 * pitch + L));
      c11p = c11p.add(FloatVector.fromArray(S, c, co + 11 * pitch));
      c11q = c11q.add(FloatVector.fromArray(S, c, co + 11 * pitch + L));
    }
    c0p.intoArray(c, co);
    c0q.intoArray(c, co + L);
    c1p.intoArray(c, co + pitch);
    c1q.intoArray(c, co + pitch + L);
    c2p.intoArray(c, co + 2 * pitch);
    c2q.intoArray(c, co + 2 * pitch + L);
    c3p.intoArray(c, co + 3 * pitch);
    c3q.intoArray(c, co + 3 * pitch + L);
    c4p.intoArray(c, co + 4 * pitch);
    c4q.intoArray(c, co + 4 * pitch + L);
    c5p.intoArray(c, co + 5 * pitch);
    c5q.intoArray(c, co + 5 * pitch + L);
    c6p.intoArray(c, co + 6 * pitch);
    c6q.intoArray(c, co + 6 * pitch + L);
    c7p.intoArray(c, co + 7 * pitch);
    c7q.intoArray(c, co + 7 * pitch + L);
    c8p.intoArray(c, co + 8 * pitch);
    c8q.intoArray(c, co + 8 * pitch + L);
    c9p.intoArray(c, co + 9 * pitch);
    c9q.intoArray(c, co + 9 * pitch + L);
    c10p.intoArray(c, co + 10 * pitch);
    c10q.intoArray(c, co + 10 * pitch + L);
    c11p.intoArray(c, co + 11 * pitch);
    c11q.intoArray(c, co + 11 * pitch + L);
  }
}
