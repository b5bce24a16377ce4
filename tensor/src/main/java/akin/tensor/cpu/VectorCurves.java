package akin.tensor.cpu;

import akin.tensor.backend.Unary;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Curves with the Vector API; the tail of a loop is done by FloatMath, to the same bits. */
final class VectorCurves implements Curves {
  private static final VectorSpecies<Float> S = VectorWidth.species();
  private static final int L = S.length();

  private static FloatVector load(float[] x, int at) {
    return FloatVector.fromArray(S, x, at);
  }

  @Override
  public void value(Unary f, float[] x, float[] y, int from, int to) {
    switch (f) {
      case EXP:
        exp(x, y, from, to);
        break;
      case LOG:
        log(x, y, from, to);
        break;
      case TANH:
        tanh(x, y, from, to);
        break;
      case SIGMOID:
        sigmoid(x, y, from, to);
        break;
      case ERF:
        erf(x, y, from, to);
        break;
      case GELU:
        gelu(x, y, from, to);
        break;
      case GELU_TANH:
        geluTanh(x, y, from, to);
        break;
      case SILU:
        silu(x, y, from, to);
        break;
      default:
        throw new AssertionError(f);
    }
  }

  @Override
  public void gradient(Unary f, float[] x, float[] dy, float[] dx, int from, int to) {
    switch (f) {
      case ERF:
        erfSlope(x, dy, dx, from, to);
        break;
      case GELU:
        geluSlope(x, dy, dx, from, to);
        break;
      case GELU_TANH:
        geluTanhSlope(x, dy, dx, from, to);
        break;
      case SILU:
        siluSlope(x, dy, dx, from, to);
        break;
      default:
        throw new AssertionError(f);
    }
  }

  private static void exp(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.exp(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.exp(x[i]);
    }
  }

  private static void log(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.log(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.log(x[i]);
    }
  }

  private static void tanh(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.tanh(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.tanh(x[i]);
    }
  }

  private static void sigmoid(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.sigmoid(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.sigmoid(x[i]);
    }
  }

  private static void erf(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.erf(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.erf(x[i]);
    }
  }

  private static void gelu(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.gelu(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.gelu(x[i]);
    }
  }

  private static void geluTanh(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.geluTanh(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.geluTanh(x[i]);
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.silu(load(x, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.silu(x[i]);
    }
  }

  private static void erfSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.erfSlope(load(x, i)).mul(load(dy, i)).intoArray(dx, i);
    }
    for (; i < to; i++) {
      dx[i] = FloatMath.erfSlope(x[i]) * dy[i];
    }
  }

  private static void geluSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.geluSlope(load(x, i)).mul(load(dy, i)).intoArray(dx, i);
    }
    for (; i < to; i++) {
      dx[i] = FloatMath.geluSlope(x[i]) * dy[i];
    }
  }

  private static void geluTanhSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.geluTanhSlope(load(x, i)).mul(load(dy, i)).intoArray(dx, i);
    }
    for (; i < to; i++) {
      dx[i] = FloatMath.geluTanhSlope(x[i]) * dy[i];
    }
  }

  private static void siluSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    int i = from;
    for (; i <= to - L; i += L) {
      VectorMath.siluSlope(load(x, i)).mul(load(dy, i)).intoArray(dx, i);
    }
    for (; i < to; i++) {
      dx[i] = FloatMath.siluSlope(x[i]) * dy[i];
    }
  }

  @Override
  public void exp(float[] x, int xo, float shift, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - L; i += L) {
      VectorMath.exp(load(x, xo + i).sub(shift)).intoArray(y, yo + i);
    }
    for (; i < n; i++) {
      y[yo + i] = FloatMath.exp(x[xo + i] - shift);
    }
  }

  @Override
  public void gate(Gate gate, float[] x, float[] dy, float[] dx, int from, int to) {
    float low = gate.low();
    float high = gate.high();
    float inside = gate.inside();
    float outside = gate.outside();
    FloatVector in = FloatVector.broadcast(S, inside);
    FloatVector out = FloatVector.broadcast(S, outside);
    int i = from;
    for (; i <= to - L; i += L) {
      FloatVector v = load(x, i);
      VectorMask<Float> open =
          v.compare(VectorOperators.GT, low).and(v.compare(VectorOperators.LE, high));
      load(dy, i).mul(out.blend(in, open)).intoArray(dx, i);
    }
    for (; i < to; i++) {
      dx[i] = dy[i] * (x[i] > low && x[i] <= high ? inside : outside);
    }
  }
}
