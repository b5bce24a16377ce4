package akin.tensor.cpu;

import akin.tensor.backend.Activation;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Windows with the Vector API: chooses the kernel of each number of taps. */
final class VectorWindows implements Windows {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, i -> i / 2);
  private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(S, i -> L / 2 + i / 2);
  private static final VectorMask<Float> ODD = VectorMask.fromLong(S, 0xaaaaL);

  @Override
  public void sum(
      float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, int n, float bias) {
    if (taps.length == 9) {
      VectorTaps.nine(x, xo, taps, w, wo, y, yo, n, bias);
      return;
    }
    int i = 0;
    for (; i < n - 2 * L; i += 4 * L) {
      four(x, xo + i, taps, w, wo, y, yo + i, bias);
    }
    for (; i < n; i += L) {
      one(x, xo + i, taps, w, wo, y, yo + i, bias);
    }
  }

  private static void four(
      float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, float bias) {
    FloatVector s0 = FloatVector.broadcast(S, bias);
    FloatVector s1 = FloatVector.broadcast(S, bias);
    FloatVector s2 = FloatVector.broadcast(S, bias);
    FloatVector s3 = FloatVector.broadcast(S, bias);
    for (int k = 0; k < taps.length; k++) {
      int from = xo + taps[k];
      FloatVector v = FloatVector.broadcast(S, w[wo + k]);
      s0 = v.fma(FloatVector.fromArray(S, x, from), s0);
      s1 = v.fma(FloatVector.fromArray(S, x, from + L), s1);
      s2 = v.fma(FloatVector.fromArray(S, x, from + 2 * L), s2);
      s3 = v.fma(FloatVector.fromArray(S, x, from + 3 * L), s3);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + L);
    s2.intoArray(y, yo + 2 * L);
    s3.intoArray(y, yo + 3 * L);
  }

  private static void one(
      float[] x, int xo, int[] taps, float[] w, int wo, float[] y, int yo, float bias) {
    FloatVector s = FloatVector.broadcast(S, bias);
    for (int k = 0; k < taps.length; k++) {
      FloatVector v = FloatVector.broadcast(S, w[wo + k]);
      s = v.fma(FloatVector.fromArray(S, x, xo + taps[k]), s);
    }
    s.intoArray(y, yo);
  }

  @Override
  public void grid(
      float[] x,
      int xo,
      int pitch,
      float[] w,
      int wo,
      float[] y,
      int yo,
      int width,
      int n,
      int rows,
      float bias,
      Activation act) {
    switch (act) {
      case RELU -> VectorGrids.gridRelu(x, xo, pitch, w, wo, y, yo, width, n, rows, bias);
      case RELU6 -> VectorGrids.gridRelu6(x, xo, pitch, w, wo, y, yo, width, n, rows, bias);
      default -> VectorGrids.grid(x, xo, pitch, w, wo, y, yo, width, n, rows, bias);
    }
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public void products(
      float[] x, int xo, int[] taps, float[] g, int go, int n, float[] sums, int at) {
    if (n < L) {
      few(x, xo, taps, g, go, n, sums, at);
      return;
    }
    int parts = (taps.length + 8) / 9;
    for (int p = 0; p < parts; p++) {
      int k = taps.length * p / parts;
      int count = taps.length * (p + 1) / parts - k;
      some(count, x, xo, taps, k, g, go, n, sums, at + k * L);
    }
  }

  private static void some(
      int count,
      float[] x,
      int xo,
      int[] taps,
      int k,
      float[] g,
      int go,
      int n,
      float[] sums,
      int at) {
    switch (count) {
      case 1:
        VectorTaps.taps1(x, xo, taps, k, g, go, n, sums, at);
        break;
      case 2:
        VectorTaps.taps2(x, xo, taps, k, g, go, n, sums, at);
        break;
      case 3:
        VectorTaps.taps3(x, xo, taps, k, g, go, n, sums, at);
        break;
      case 4:
        VectorTaps.taps4(x, xo, taps, k, g, go, n, sums, at);
        break;
      case 5:
        VectorTaps.taps5(x, xo, taps, k, g, go, n, sums, at);
        break;
      case 6:
        VectorTaps.taps6(x, xo, taps, k, g, go, n, sums, at);
        break;
      case 7:
        VectorTaps.taps7(x, xo, taps, k, g, go, n, sums, at);
        break;
      case 8:
        VectorTaps.taps8(x, xo, taps, k, g, go, n, sums, at);
        break;
      default:
        VectorTaps.taps9(x, xo, taps, k, g, go, n, sums, at);
    }
  }

  /** Runs shorter than a vector. */
  private static void few(
      float[] x, int xo, int[] taps, float[] g, int go, int n, float[] sums, int at) {
    for (int k = 0; k < taps.length; k++) {
      for (int i = 0; i < n; i++) {
        int sum = at + k * L + i;
        sums[sum] = Math.fma(g[go + i], x[xo + taps[k] + i], sums[sum]);
      }
    }
  }

  @Override
  public void weave(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int pairs = n / 2;
    int i = 0;
    for (; i <= pairs - L; i += L) {
      FloatVector p = FloatVector.fromArray(S, a, ao + i);
      FloatVector q = FloatVector.fromArray(S, b, bo + i);
      p.rearrange(LOWER).blend(q.rearrange(LOWER), ODD).intoArray(y, yo + 2 * i);
      p.rearrange(UPPER).blend(q.rearrange(UPPER), ODD).intoArray(y, yo + 2 * i + L);
    }
    ScalarWindows.pairs(a, ao, b, bo, y, yo, i, pairs);
    if (n % 2 != 0) {
      y[yo + n - 1] = a[ao + pairs];
    }
  }
}
