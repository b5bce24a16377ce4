package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of products with the Vector API. All accumulators are local variables, written out, and
 * stored without a condition each: the compiler keeps those in registers, anything else in memory.
 *
 * <p>No method is called on an accumulator: it comes out of a loop, where the compiler knows it as
 * some FloatVector only. Which width it is, and so whether the call can be inlined, the compiler
 * would then guess from what it happened to see before; guessing wrong, it allocates every
 * accumulator in every round, for the life of the process. As an argument of a vector of known
 * width it is checked once instead.
 */
final class VectorProducts {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  /** Leaves every number as it is when added, −0 too. */
  static final float NOTHING = -0f;

  private VectorProducts() {}

  /** Makes nothing of a tile of c, so that a sum may be added whether or not one is there. */
  static void clear(float[] c, int co, int pitch, int h) {
    FloatVector nothing = FloatVector.broadcast(S, NOTHING);
    for (int i = 0; i < h; i++) {
      nothing.intoArray(c, co + i * pitch);
      nothing.intoArray(c, co + i * pitch + L);
    }
  }

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
    if (!add) {
      clear(c, co, pitch, 1);
    }
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
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
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
    if (!add) {
      clear(c, co, pitch, 2);
    }
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
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + pitch).add(c1p).intoArray(c, co + pitch);
    FloatVector.fromArray(S, c, co + pitch + L).add(c1q).intoArray(c, co + pitch + L);
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
    if (!add) {
      clear(c, co, pitch, 4);
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
    FloatVector.fromArray(S, c, co).add(c0p).intoArray(c, co);
    FloatVector.fromArray(S, c, co + L).add(c0q).intoArray(c, co + L);
    FloatVector.fromArray(S, c, co + pitch).add(c1p).intoArray(c, co + pitch);
    FloatVector.fromArray(S, c, co + pitch + L).add(c1q).intoArray(c, co + pitch + L);
    FloatVector.fromArray(S, c, co + 2 * pitch).add(c2p).intoArray(c, co + 2 * pitch);
    FloatVector.fromArray(S, c, co + 2 * pitch + L).add(c2q).intoArray(c, co + 2 * pitch + L);
    FloatVector.fromArray(S, c, co + 3 * pitch).add(c3p).intoArray(c, co + 3 * pitch);
    FloatVector.fromArray(S, c, co + 3 * pitch + L).add(c3q).intoArray(c, co + 3 * pitch + L);
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
    if (!add) {
      clear(c, co, pitch, 6);
    }
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
    if (!add) {
      clear(c, co, pitch, 8);
    }
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
    if (!add) {
      clear(c, co, pitch, 12);
    }
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
    FloatVector.fromArray(S, c, co + 8 * pitch).add(c8p).intoArray(c, co + 8 * pitch);
    FloatVector.fromArray(S, c, co + 8 * pitch + L).add(c8q).intoArray(c, co + 8 * pitch + L);
    FloatVector.fromArray(S, c, co + 9 * pitch).add(c9p).intoArray(c, co + 9 * pitch);
    FloatVector.fromArray(S, c, co + 9 * pitch + L).add(c9q).intoArray(c, co + 9 * pitch + L);
    FloatVector.fromArray(S, c, co + 10 * pitch).add(c10p).intoArray(c, co + 10 * pitch);
    FloatVector.fromArray(S, c, co + 10 * pitch + L).add(c10q).intoArray(c, co + 10 * pitch + L);
    FloatVector.fromArray(S, c, co + 11 * pitch).add(c11p).intoArray(c, co + 11 * pitch);
    FloatVector.fromArray(S, c, co + 11 * pitch + L).add(c11q).intoArray(c, co + 11 * pitch + L);
  }
}
