package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Register tiles with the Vector API: all accumulators are local variables, written out, because
 * the compiler keeps those in registers and an array of vectors in memory.
 */
final class VectorTiles implements Tiles {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  /** 32 registers hold 12·2 accumulators; 16 registers 6·2. */
  private static final int TALLEST = L == 16 ? 12 : 6;

  @Override
  public int cols() {
    return 2 * L;
  }

  @Override
  public int tallest() {
    return TALLEST;
  }

  @Override
  public int height(int rows) {
    return rows <= 2 ? rows : rows <= 4 ? 4 : rows <= 6 ? 6 : rows <= 8 ? 8 : 12;
  }

  @Override
  public void product(
      int h,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int kc,
      float[] c,
      int co,
      int pitch,
      boolean add) {
    switch (h) {
      case 1:
        product1(a, ao, b, bo, kc, c, co, pitch, add);
        return;
      case 2:
        product2(a, ao, b, bo, kc, c, co, pitch, add);
        return;
      case 4:
        product4(a, ao, b, bo, kc, c, co, pitch, add);
        return;
      case 6:
        product6(a, ao, b, bo, kc, c, co, pitch, add);
        return;
      case 8:
        product8(a, ao, b, bo, kc, c, co, pitch, add);
        return;
      default:
        product12(a, ao, b, bo, kc, c, co, pitch, add);
    }
  }

  @Override
  public void squares(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    FloatVector c2p = FloatVector.zero(S);
    FloatVector c2q = FloatVector.zero(S);
    FloatVector c3p = FloatVector.zero(S);
    FloatVector c3q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int pa = ao + k * 4;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
      FloatVector d0p = x0.sub(p);
      c0p = d0p.fma(d0p, c0p);
      FloatVector d0q = x0.sub(q);
      c0q = d0q.fma(d0q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[pa + 1]);
      FloatVector d1p = x1.sub(p);
      c1p = d1p.fma(d1p, c1p);
      FloatVector d1q = x1.sub(q);
      c1q = d1q.fma(d1q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[pa + 2]);
      FloatVector d2p = x2.sub(p);
      c2p = d2p.fma(d2p, c2p);
      FloatVector d2q = x2.sub(q);
      c2q = d2q.fma(d2q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[pa + 3]);
      FloatVector d3p = x3.sub(p);
      c3p = d3p.fma(d3p, c3p);
      FloatVector d3q = x3.sub(q);
      c3q = d3q.fma(d3q, c3q);
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

  @Override
  public void absolutes(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    FloatVector c2p = FloatVector.zero(S);
    FloatVector c2q = FloatVector.zero(S);
    FloatVector c3p = FloatVector.zero(S);
    FloatVector c3q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int pa = ao + k * 4;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
      c0p = c0p.add(x0.sub(p).abs());
      c0q = c0q.add(x0.sub(q).abs());
      FloatVector x1 = FloatVector.broadcast(S, a[pa + 1]);
      c1p = c1p.add(x1.sub(p).abs());
      c1q = c1q.add(x1.sub(q).abs());
      FloatVector x2 = FloatVector.broadcast(S, a[pa + 2]);
      c2p = c2p.add(x2.sub(p).abs());
      c2q = c2q.add(x2.sub(q).abs());
      FloatVector x3 = FloatVector.broadcast(S, a[pa + 3]);
      c3p = c3p.add(x3.sub(p).abs());
      c3q = c3q.add(x3.sub(q).abs());
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

  private static void product1(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int pa = ao + k;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
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

  private static void product2(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int pa = ao + k * 2;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[pa + 1]);
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

  private static void product4(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
    FloatVector c0p = FloatVector.zero(S);
    FloatVector c0q = FloatVector.zero(S);
    FloatVector c1p = FloatVector.zero(S);
    FloatVector c1q = FloatVector.zero(S);
    FloatVector c2p = FloatVector.zero(S);
    FloatVector c2q = FloatVector.zero(S);
    FloatVector c3p = FloatVector.zero(S);
    FloatVector c3q = FloatVector.zero(S);
    for (int k = 0; k < kc; k++) {
      int pa = ao + k * 4;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[pa + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[pa + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[pa + 3]);
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

  private static void product6(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
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
      int pa = ao + k * 6;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[pa + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[pa + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[pa + 3]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
      FloatVector x4 = FloatVector.broadcast(S, a[pa + 4]);
      c4p = x4.fma(p, c4p);
      c4q = x4.fma(q, c4q);
      FloatVector x5 = FloatVector.broadcast(S, a[pa + 5]);
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

  private static void product8(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
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
      int pa = ao + k * 8;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[pa + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[pa + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[pa + 3]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
      FloatVector x4 = FloatVector.broadcast(S, a[pa + 4]);
      c4p = x4.fma(p, c4p);
      c4q = x4.fma(q, c4q);
      FloatVector x5 = FloatVector.broadcast(S, a[pa + 5]);
      c5p = x5.fma(p, c5p);
      c5q = x5.fma(q, c5q);
      FloatVector x6 = FloatVector.broadcast(S, a[pa + 6]);
      c6p = x6.fma(p, c6p);
      c6q = x6.fma(q, c6q);
      FloatVector x7 = FloatVector.broadcast(S, a[pa + 7]);
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

  private static void product12(
      float[] a, int ao, float[] b, int bo, int kc, float[] c, int co, int pitch, boolean add) {
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
      int pa = ao + k * 12;
      int pb = bo + k * (2 * L);
      FloatVector p = FloatVector.fromArray(S, b, pb);
      FloatVector q = FloatVector.fromArray(S, b, pb + L);
      FloatVector x0 = FloatVector.broadcast(S, a[pa]);
      c0p = x0.fma(p, c0p);
      c0q = x0.fma(q, c0q);
      FloatVector x1 = FloatVector.broadcast(S, a[pa + 1]);
      c1p = x1.fma(p, c1p);
      c1q = x1.fma(q, c1q);
      FloatVector x2 = FloatVector.broadcast(S, a[pa + 2]);
      c2p = x2.fma(p, c2p);
      c2q = x2.fma(q, c2q);
      FloatVector x3 = FloatVector.broadcast(S, a[pa + 3]);
      c3p = x3.fma(p, c3p);
      c3q = x3.fma(q, c3q);
      FloatVector x4 = FloatVector.broadcast(S, a[pa + 4]);
      c4p = x4.fma(p, c4p);
      c4q = x4.fma(q, c4q);
      FloatVector x5 = FloatVector.broadcast(S, a[pa + 5]);
      c5p = x5.fma(p, c5p);
      c5q = x5.fma(q, c5q);
      FloatVector x6 = FloatVector.broadcast(S, a[pa + 6]);
      c6p = x6.fma(p, c6p);
      c6q = x6.fma(q, c6q);
      FloatVector x7 = FloatVector.broadcast(S, a[pa + 7]);
      c7p = x7.fma(p, c7p);
      c7q = x7.fma(q, c7q);
      FloatVector x8 = FloatVector.broadcast(S, a[pa + 8]);
      c8p = x8.fma(p, c8p);
      c8q = x8.fma(q, c8q);
      FloatVector x9 = FloatVector.broadcast(S, a[pa + 9]);
      c9p = x9.fma(p, c9p);
      c9q = x9.fma(q, c9q);
      FloatVector x10 = FloatVector.broadcast(S, a[pa + 10]);
      c10p = x10.fma(p, c10p);
      c10q = x10.fma(q, c10q);
      FloatVector x11 = FloatVector.broadcast(S, a[pa + 11]);
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
