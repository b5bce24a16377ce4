package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Differences with the Vector API, four vectors of a row at a time. */
final class VectorDifferences implements Differences {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(S, value);
  }

  @Override
  public void weighted(float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo) {
    int t = 0;
    for (; t <= d - 4 * L; t += 4 * L) {
      weightedFour(a, ao + t, b, t, m, d, w, y, yo + t);
    }
    for (; t <= d - L; t += L) {
      weightedOne(a, ao + t, b, t, m, d, w, y, yo + t);
    }
    ScalarDifferences.weighted(a, ao, b, m, d, w, y, yo, t);
  }

  private static void weightedFour(
      float[] a, int ao, float[] b, int bo, int m, int pitch, float[] w, float[] y, int yo) {
    FloatVector p0 = load(a, ao);
    FloatVector p1 = load(a, ao + L);
    FloatVector p2 = load(a, ao + 2 * L);
    FloatVector p3 = load(a, ao + 3 * L);
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    for (int j = 0; j < m; j++) {
      int row = bo + j * pitch;
      FloatVector weight = all(w[j]);
      s0 = p0.sub(load(b, row)).fma(weight, s0);
      s1 = p1.sub(load(b, row + L)).fma(weight, s1);
      s2 = p2.sub(load(b, row + 2 * L)).fma(weight, s2);
      s3 = p3.sub(load(b, row + 3 * L)).fma(weight, s3);
    }
    FloatVector nothing = all(-0f);
    nothing.add(s0).intoArray(y, yo);
    nothing.add(s1).intoArray(y, yo + L);
    nothing.add(s2).intoArray(y, yo + 2 * L);
    nothing.add(s3).intoArray(y, yo + 3 * L);
  }

  private static void weightedOne(
      float[] a, int ao, float[] b, int bo, int m, int pitch, float[] w, float[] y, int yo) {
    FloatVector p = load(a, ao);
    FloatVector s = FloatVector.zero(S);
    for (int j = 0; j < m; j++) {
      s = p.sub(load(b, bo + j * pitch)).fma(all(w[j]), s);
    }
    all(-0f).add(s).intoArray(y, yo);
  }

  @Override
  public void signs(float[] a, int ao, float[] b, int m, int d, float[] w, float[] y, int yo) {
    int t = 0;
    for (; t <= d - 2 * L; t += 2 * L) {
      signsTwo(a, ao + t, b, t, m, d, w, y, yo + t);
    }
    for (; t <= d - L; t += L) {
      signsOne(a, ao + t, b, t, m, d, w, y, yo + t);
    }
    ScalarDifferences.signs(a, ao, b, m, d, w, y, yo, t);
  }

  private static void signsTwo(
      float[] a, int ao, float[] b, int bo, int m, int pitch, float[] w, float[] y, int yo) {
    FloatVector p = load(a, ao);
    FloatVector q = load(a, ao + L);
    FloatVector s = FloatVector.zero(S);
    FloatVector u = FloatVector.zero(S);
    for (int j = 0; j < m; j++) {
      int row = bo + j * pitch;
      FloatVector weight = all(w[j]);
      s = sign(p.sub(load(b, row))).fma(weight, s);
      u = sign(q.sub(load(b, row + L))).fma(weight, u);
    }
    FloatVector nothing = all(-0f);
    nothing.add(s).intoArray(y, yo);
    nothing.add(u).intoArray(y, yo + L);
  }

  private static void signsOne(
      float[] a, int ao, float[] b, int bo, int m, int pitch, float[] w, float[] y, int yo) {
    FloatVector p = load(a, ao);
    FloatVector s = FloatVector.zero(S);
    for (int j = 0; j < m; j++) {
      s = sign(p.sub(load(b, bo + j * pitch))).fma(all(w[j]), s);
    }
    all(-0f).add(s).intoArray(y, yo);
  }

  /** 1, −1, or d itself: 0 and NaN. */
  private static FloatVector sign(FloatVector d) {
    FloatVector positive = d.blend(all(1), d.compare(VectorOperators.GT, all(0)));
    return positive.blend(all(-1), d.compare(VectorOperators.LT, all(0)));
  }

  @Override
  public void rows(
      float[] a, int ao, float scale, float[] b, int m, int d, float[] w, float[] y, int yo) {
    int t = 0;
    for (; t <= d - 4 * L; t += 4 * L) {
      rowsFour(a, ao + t, scale, b, t, m, d, w, y, yo + t);
    }
    for (; t <= d - L; t += L) {
      rowsOne(a, ao + t, scale, b, t, m, d, w, y, yo + t);
    }
    ScalarDifferences.rows(a, ao, scale, b, m, d, w, y, yo, t);
  }

  private static void rowsFour(
      float[] a,
      int ao,
      float scale,
      float[] b,
      int bo,
      int m,
      int pitch,
      float[] w,
      float[] y,
      int yo) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    for (int j = 0; j < m; j++) {
      int row = bo + j * pitch;
      FloatVector weight = all(w[j]);
      s0 = load(b, row).fma(weight, s0);
      s1 = load(b, row + L).fma(weight, s1);
      s2 = load(b, row + 2 * L).fma(weight, s2);
      s3 = load(b, row + 3 * L).fma(weight, s3);
    }
    FloatVector factor = all(scale);
    load(a, ao).fma(factor, s0).intoArray(y, yo);
    load(a, ao + L).fma(factor, s1).intoArray(y, yo + L);
    load(a, ao + 2 * L).fma(factor, s2).intoArray(y, yo + 2 * L);
    load(a, ao + 3 * L).fma(factor, s3).intoArray(y, yo + 3 * L);
  }

  private static void rowsOne(
      float[] a,
      int ao,
      float scale,
      float[] b,
      int bo,
      int m,
      int pitch,
      float[] w,
      float[] y,
      int yo) {
    FloatVector s = FloatVector.zero(S);
    for (int j = 0; j < m; j++) {
      s = load(b, bo + j * pitch).fma(all(w[j]), s);
    }
    load(a, ao).fma(all(scale), s).intoArray(y, yo);
  }
}
