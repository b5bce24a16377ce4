package akin.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Patches with the Vector API. */
final class VectorPatches implements Patches {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final FloatVector A = FloatVector.broadcast(S, Winograd.A);
  private static final FloatVector AA = FloatVector.broadcast(S, Winograd.AA);
  private static final FloatVector AAA = FloatVector.broadcast(S, Winograd.AAA);
  private static final FloatVector B = FloatVector.broadcast(S, Winograd.B);
  private static final FloatVector BB = FloatVector.broadcast(S, Winograd.BB);
  private static final FloatVector BBB = FloatVector.broadcast(S, Winograd.BBB);
  private static final FloatVector G0 = FloatVector.broadcast(S, Winograd.G0);
  private static final FloatVector GA0 = FloatVector.broadcast(S, Winograd.GA0);
  private static final FloatVector GA1 = FloatVector.broadcast(S, Winograd.GA1);
  private static final FloatVector GA2 = FloatVector.broadcast(S, Winograd.GA2);
  private static final FloatVector GB0 = FloatVector.broadcast(S, Winograd.GB0);
  private static final FloatVector GB1 = FloatVector.broadcast(S, Winograd.GB1);
  private static final FloatVector GB2 = FloatVector.broadcast(S, Winograd.GB2);
  private static final FloatVector MINUS_A = FloatVector.broadcast(S, -Winograd.A);
  private static final FloatVector MINUS_AA = FloatVector.broadcast(S, -Winograd.AA);
  private static final FloatVector MINUS_B = FloatVector.broadcast(S, -Winograd.B);
  private static final FloatVector MINUS_BB = FloatVector.broadcast(S, -Winograd.BB);
  private static final FloatVector MINUS_GA1 = FloatVector.broadcast(S, -Winograd.GA1);
  private static final FloatVector MINUS_GB1 = FloatVector.broadcast(S, -Winograd.GB1);
  private static final FloatVector MINUS_Q = FloatVector.broadcast(S, -Winograd.Q);
  private static final FloatVector P = FloatVector.broadcast(S, Winograd.P);

  @Override
  public int lanes() {
    return S.length();
  }

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  @Override
  public void picture(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      FloatVector x0 = load(x, from);
      FloatVector x1 = load(x, from + step);
      FloatVector x2 = load(x, from + 2 * step);
      FloatVector x3 = load(x, from + 3 * step);
      FloatVector x4 = load(x, from + 4 * step);
      FloatVector x5 = load(x, from + 5 * step);
      x0.fma(P, x2.fma(MINUS_Q, x4)).intoArray(y, to);
      FloatVector e = x2.fma(MINUS_BB, x4);
      FloatVector o = x1.fma(MINUS_BB, x3);
      o.fma(A, e).intoArray(y, to + yStep);
      o.fma(MINUS_A, e).intoArray(y, to + 2 * yStep);
      FloatVector f = x2.fma(MINUS_AA, x4);
      FloatVector p = x1.fma(MINUS_AA, x3);
      p.fma(B, f).intoArray(y, to + 3 * yStep);
      p.fma(MINUS_B, f).intoArray(y, to + 4 * yStep);
      x1.fma(P, x3.fma(MINUS_Q, x5)).intoArray(y, to + 5 * yStep);
    }
  }

  @Override
  public void kernel(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      FloatVector x0 = load(x, from);
      FloatVector x1 = load(x, from + step);
      FloatVector x2 = load(x, from + 2 * step);
      x0.mul(G0).intoArray(y, to);
      FloatVector e = x2.fma(GA2, x0.mul(GA0));
      x1.fma(GA1, e).intoArray(y, to + yStep);
      x1.fma(MINUS_GA1, e).intoArray(y, to + 2 * yStep);
      FloatVector f = x2.fma(GB2, x0.mul(GB0));
      x1.fma(GB1, f).intoArray(y, to + 3 * yStep);
      x1.fma(MINUS_GB1, f).intoArray(y, to + 4 * yStep);
      x2.intoArray(y, to + 5 * yStep);
    }
  }

  @Override
  public void result(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      FloatVector x0 = load(x, from);
      FloatVector x1 = load(x, from + step);
      FloatVector x2 = load(x, from + 2 * step);
      FloatVector x3 = load(x, from + 3 * step);
      FloatVector x4 = load(x, from + 4 * step);
      FloatVector x5 = load(x, from + 5 * step);
      FloatVector s = x1.add(x2);
      FloatVector d = x1.sub(x2);
      FloatVector t = x3.add(x4);
      FloatVector u = x3.sub(x4);
      x0.add(s).add(t).intoArray(y, to);
      d.fma(A, u.mul(B)).intoArray(y, to + yStep);
      s.fma(AA, t.mul(BB)).intoArray(y, to + 2 * yStep);
      d.fma(AAA, u.fma(BBB, x5)).intoArray(y, to + 3 * yStep);
    }
  }

  @Override
  public void resultGradient(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      FloatVector x0 = load(x, from);
      FloatVector x1 = load(x, from + step);
      FloatVector x2 = load(x, from + 2 * step);
      FloatVector x3 = load(x, from + 3 * step);
      x0.intoArray(y, to);
      FloatVector e = x2.fma(AA, x0);
      FloatVector o = x3.fma(AAA, x1.mul(A));
      e.add(o).intoArray(y, to + yStep);
      e.sub(o).intoArray(y, to + 2 * yStep);
      FloatVector f = x2.fma(BB, x0);
      FloatVector p = x3.fma(BBB, x1.mul(B));
      f.add(p).intoArray(y, to + 3 * yStep);
      f.sub(p).intoArray(y, to + 4 * yStep);
      x3.intoArray(y, to + 5 * yStep);
    }
  }

  @Override
  public void kernelGradient(
      float[] x, int xo, int step, int next, int n, float[] y, int yo, int yStep, int yNext) {
    for (int j = 0; j < n; j++) {
      int from = xo + j * next;
      int to = yo + j * yNext;
      FloatVector x0 = load(x, from);
      FloatVector x1 = load(x, from + step);
      FloatVector x2 = load(x, from + 2 * step);
      FloatVector x3 = load(x, from + 3 * step);
      FloatVector x4 = load(x, from + 4 * step);
      FloatVector x5 = load(x, from + 5 * step);
      FloatVector s = x1.add(x2);
      FloatVector d = x1.sub(x2);
      FloatVector t = x3.add(x4);
      FloatVector u = x3.sub(x4);
      s.fma(GA0, t.fma(GB0, x0.mul(G0))).intoArray(y, to);
      d.fma(GA1, u.mul(GB1)).intoArray(y, to + yStep);
      s.fma(GA2, t.fma(GB2, x5)).intoArray(y, to + 2 * yStep);
    }
  }
}
