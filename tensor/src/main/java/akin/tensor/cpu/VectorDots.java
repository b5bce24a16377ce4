package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Dot products with the Vector API. The last vector of a row overlaps the one before. */
final class VectorDots implements Dots {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final VectorSpecies<Integer> I = S.vectorShape().withLanes(int.class);
  private static final int L = S.length();

  /** 32 registers hold 6·4 sums; 16 registers 3·4. */
  private static final int ROWS = L == 16 ? 6 : 3;

  /** L times no bit, L times all bits: from the middle backwards a mask of upper lanes. */
  private static final int[] UPPER = new int[2 * L];

  static {
    java.util.Arrays.fill(UPPER, L, 2 * L, -1);
  }

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int cols() {
    return 4;
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void tile(
      float[] a, int ao, int m, float[] b, int bo, int l, int pitch, int n, float[] sums, int at) {
    if (ROWS == 6) {
      six(a, ao, m, b, bo, l, pitch, n, sums, at);
    } else {
      three(a, ao, m, b, bo, l, pitch, n, sums, at);
    }
  }

  private static void six(
      float[] a, int ao, int m, float[] b, int bo, int l, int pitch, int n, float[] sums, int at) {
    int a1 = ao + Math.min(1, m - 1) * pitch;
    int a2 = ao + Math.min(2, m - 1) * pitch;
    int a3 = ao + Math.min(3, m - 1) * pitch;
    int a4 = ao + Math.min(4, m - 1) * pitch;
    int a5 = ao + Math.min(5, m - 1) * pitch;
    int b1 = bo + Math.min(1, l - 1) * pitch;
    int b2 = bo + Math.min(2, l - 1) * pitch;
    int b3 = bo + Math.min(3, l - 1) * pitch;
    FloatVector s00 = FloatVector.fromArray(S, sums, at);
    FloatVector s01 = FloatVector.fromArray(S, sums, at + 1 * L);
    FloatVector s02 = FloatVector.fromArray(S, sums, at + 2 * L);
    FloatVector s03 = FloatVector.fromArray(S, sums, at + 3 * L);
    FloatVector s10 = FloatVector.fromArray(S, sums, at + 4 * L);
    FloatVector s11 = FloatVector.fromArray(S, sums, at + 5 * L);
    FloatVector s12 = FloatVector.fromArray(S, sums, at + 6 * L);
    FloatVector s13 = FloatVector.fromArray(S, sums, at + 7 * L);
    FloatVector s20 = FloatVector.fromArray(S, sums, at + 8 * L);
    FloatVector s21 = FloatVector.fromArray(S, sums, at + 9 * L);
    FloatVector s22 = FloatVector.fromArray(S, sums, at + 10 * L);
    FloatVector s23 = FloatVector.fromArray(S, sums, at + 11 * L);
    FloatVector s30 = FloatVector.fromArray(S, sums, at + 12 * L);
    FloatVector s31 = FloatVector.fromArray(S, sums, at + 13 * L);
    FloatVector s32 = FloatVector.fromArray(S, sums, at + 14 * L);
    FloatVector s33 = FloatVector.fromArray(S, sums, at + 15 * L);
    FloatVector s40 = FloatVector.fromArray(S, sums, at + 16 * L);
    FloatVector s41 = FloatVector.fromArray(S, sums, at + 17 * L);
    FloatVector s42 = FloatVector.fromArray(S, sums, at + 18 * L);
    FloatVector s43 = FloatVector.fromArray(S, sums, at + 19 * L);
    FloatVector s50 = FloatVector.fromArray(S, sums, at + 20 * L);
    FloatVector s51 = FloatVector.fromArray(S, sums, at + 21 * L);
    FloatVector s52 = FloatVector.fromArray(S, sums, at + 22 * L);
    FloatVector s53 = FloatVector.fromArray(S, sums, at + 23 * L);
    for (int k = 0; k < n; k += L) {
      int i = Math.min(k, n - L);
      FloatVector q0 = FloatVector.fromArray(S, b, bo + i);
      FloatVector q1 = FloatVector.fromArray(S, b, b1 + i);
      FloatVector q2 = FloatVector.fromArray(S, b, b2 + i);
      FloatVector q3 = FloatVector.fromArray(S, b, b3 + i);
      if (i < k) { // what the vector before has counted
        IntVector part = IntVector.fromArray(I, UPPER, n - k);
        q0 = q0.reinterpretAsInts().and(part).reinterpretAsFloats();
        q1 = q1.reinterpretAsInts().and(part).reinterpretAsFloats();
        q2 = q2.reinterpretAsInts().and(part).reinterpretAsFloats();
        q3 = q3.reinterpretAsInts().and(part).reinterpretAsFloats();
      }
      FloatVector p0 = FloatVector.fromArray(S, a, ao + i);
      s00 = p0.fma(q0, s00);
      s01 = p0.fma(q1, s01);
      s02 = p0.fma(q2, s02);
      s03 = p0.fma(q3, s03);
      FloatVector p1 = FloatVector.fromArray(S, a, a1 + i);
      s10 = p1.fma(q0, s10);
      s11 = p1.fma(q1, s11);
      s12 = p1.fma(q2, s12);
      s13 = p1.fma(q3, s13);
      FloatVector p2 = FloatVector.fromArray(S, a, a2 + i);
      s20 = p2.fma(q0, s20);
      s21 = p2.fma(q1, s21);
      s22 = p2.fma(q2, s22);
      s23 = p2.fma(q3, s23);
      FloatVector p3 = FloatVector.fromArray(S, a, a3 + i);
      s30 = p3.fma(q0, s30);
      s31 = p3.fma(q1, s31);
      s32 = p3.fma(q2, s32);
      s33 = p3.fma(q3, s33);
      FloatVector p4 = FloatVector.fromArray(S, a, a4 + i);
      s40 = p4.fma(q0, s40);
      s41 = p4.fma(q1, s41);
      s42 = p4.fma(q2, s42);
      s43 = p4.fma(q3, s43);
      FloatVector p5 = FloatVector.fromArray(S, a, a5 + i);
      s50 = p5.fma(q0, s50);
      s51 = p5.fma(q1, s51);
      s52 = p5.fma(q2, s52);
      s53 = p5.fma(q3, s53);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + 1 * L);
    s02.intoArray(sums, at + 2 * L);
    s03.intoArray(sums, at + 3 * L);
    s10.intoArray(sums, at + 4 * L);
    s11.intoArray(sums, at + 5 * L);
    s12.intoArray(sums, at + 6 * L);
    s13.intoArray(sums, at + 7 * L);
    s20.intoArray(sums, at + 8 * L);
    s21.intoArray(sums, at + 9 * L);
    s22.intoArray(sums, at + 10 * L);
    s23.intoArray(sums, at + 11 * L);
    s30.intoArray(sums, at + 12 * L);
    s31.intoArray(sums, at + 13 * L);
    s32.intoArray(sums, at + 14 * L);
    s33.intoArray(sums, at + 15 * L);
    s40.intoArray(sums, at + 16 * L);
    s41.intoArray(sums, at + 17 * L);
    s42.intoArray(sums, at + 18 * L);
    s43.intoArray(sums, at + 19 * L);
    s50.intoArray(sums, at + 20 * L);
    s51.intoArray(sums, at + 21 * L);
    s52.intoArray(sums, at + 22 * L);
    s53.intoArray(sums, at + 23 * L);
  }

  private static void three(
      float[] a, int ao, int m, float[] b, int bo, int l, int pitch, int n, float[] sums, int at) {
    int a1 = ao + Math.min(1, m - 1) * pitch;
    int a2 = ao + Math.min(2, m - 1) * pitch;
    int b1 = bo + Math.min(1, l - 1) * pitch;
    int b2 = bo + Math.min(2, l - 1) * pitch;
    int b3 = bo + Math.min(3, l - 1) * pitch;
    FloatVector s00 = FloatVector.fromArray(S, sums, at);
    FloatVector s01 = FloatVector.fromArray(S, sums, at + 1 * L);
    FloatVector s02 = FloatVector.fromArray(S, sums, at + 2 * L);
    FloatVector s03 = FloatVector.fromArray(S, sums, at + 3 * L);
    FloatVector s10 = FloatVector.fromArray(S, sums, at + 4 * L);
    FloatVector s11 = FloatVector.fromArray(S, sums, at + 5 * L);
    FloatVector s12 = FloatVector.fromArray(S, sums, at + 6 * L);
    FloatVector s13 = FloatVector.fromArray(S, sums, at + 7 * L);
    FloatVector s20 = FloatVector.fromArray(S, sums, at + 8 * L);
    FloatVector s21 = FloatVector.fromArray(S, sums, at + 9 * L);
    FloatVector s22 = FloatVector.fromArray(S, sums, at + 10 * L);
    FloatVector s23 = FloatVector.fromArray(S, sums, at + 11 * L);
    for (int k = 0; k < n; k += L) {
      int i = Math.min(k, n - L);
      FloatVector q0 = FloatVector.fromArray(S, b, bo + i);
      FloatVector q1 = FloatVector.fromArray(S, b, b1 + i);
      FloatVector q2 = FloatVector.fromArray(S, b, b2 + i);
      FloatVector q3 = FloatVector.fromArray(S, b, b3 + i);
      if (i < k) { // what the vector before has counted
        IntVector part = IntVector.fromArray(I, UPPER, n - k);
        q0 = q0.reinterpretAsInts().and(part).reinterpretAsFloats();
        q1 = q1.reinterpretAsInts().and(part).reinterpretAsFloats();
        q2 = q2.reinterpretAsInts().and(part).reinterpretAsFloats();
        q3 = q3.reinterpretAsInts().and(part).reinterpretAsFloats();
      }
      FloatVector p0 = FloatVector.fromArray(S, a, ao + i);
      s00 = p0.fma(q0, s00);
      s01 = p0.fma(q1, s01);
      s02 = p0.fma(q2, s02);
      s03 = p0.fma(q3, s03);
      FloatVector p1 = FloatVector.fromArray(S, a, a1 + i);
      s10 = p1.fma(q0, s10);
      s11 = p1.fma(q1, s11);
      s12 = p1.fma(q2, s12);
      s13 = p1.fma(q3, s13);
      FloatVector p2 = FloatVector.fromArray(S, a, a2 + i);
      s20 = p2.fma(q0, s20);
      s21 = p2.fma(q1, s21);
      s22 = p2.fma(q2, s22);
      s23 = p2.fma(q3, s23);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + 1 * L);
    s02.intoArray(sums, at + 2 * L);
    s03.intoArray(sums, at + 3 * L);
    s10.intoArray(sums, at + 4 * L);
    s11.intoArray(sums, at + 5 * L);
    s12.intoArray(sums, at + 6 * L);
    s13.intoArray(sums, at + 7 * L);
    s20.intoArray(sums, at + 8 * L);
    s21.intoArray(sums, at + 9 * L);
    s22.intoArray(sums, at + 10 * L);
    s23.intoArray(sums, at + 11 * L);
  }
}
