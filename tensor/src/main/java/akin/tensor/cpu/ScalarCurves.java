package akin.tensor.cpu;

import akin.tensor.backend.Unary;

/** Curves by plain loops. */
final class ScalarCurves implements Curves {
  @Override
  public void value(Unary f, float[] x, float[] y, int from, int to, float[] space) {
    values(f, x, y, from, to);
  }

  static void values(Unary f, float[] x, float[] y, int from, int to) {
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
  public void gradient(
      Unary f, float[] x, float[] dy, float[] dx, int from, int to, float[] space) {
    slopes(f, x, dy, dx, from, to);
  }

  static void slopes(Unary f, float[] x, float[] dy, float[] dx, int from, int to) {
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
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.exp(x[i]);
    }
  }

  private static void log(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.log(x[i]);
    }
  }

  private static void tanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.tanh(x[i]);
    }
  }

  private static void sigmoid(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.sigmoid(x[i]);
    }
  }

  private static void erf(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.erf(x[i]);
    }
  }

  private static void gelu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.gelu(x[i]);
    }
  }

  private static void geluTanh(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.geluTanh(x[i]);
    }
  }

  private static void silu(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.silu(x[i]);
    }
  }

  private static void erfSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = FloatMath.erfSlope(x[i]) * dy[i];
    }
  }

  private static void geluSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = FloatMath.geluSlope(x[i]) * dy[i];
    }
  }

  private static void geluTanhSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = FloatMath.geluTanhSlope(x[i]) * dy[i];
    }
  }

  private static void siluSlope(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = FloatMath.siluSlope(x[i]) * dy[i];
    }
  }

  @Override
  public void exp(float[] x, int xo, float shift, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = FloatMath.exp(x[xo + i] - shift);
    }
  }

  @Override
  public void gate(Gate gate, float[] x, float[] dy, float[] dx, int from, int to) {
    float low = gate.low();
    float high = gate.high();
    float inside = gate.inside();
    float outside = gate.outside();
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * (x[i] > low && x[i] <= high ? inside : outside);
    }
  }
}
