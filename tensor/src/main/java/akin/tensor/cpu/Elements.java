package akin.tensor.cpu;

import akin.tensor.RandomStream;
import akin.tensor.backend.Noise;
import akin.tensor.backend.Unary;

/** Elementwise functions of one argument; most loops are plain, as the compiler vectorises them. */
final class Elements {
  /** Elements of one chunk. */
  static final int GRAIN = 1 << 15;

  private static final Curves CURVES = Simd.CURVES;

  private final Workers workers;
  private final Scratch scratch;

  Elements(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /** Work on some elements with working space for curves. */
  private interface Chunk {
    void run(int from, int to, float[] space);
  }

  private void chunks(int count, Chunk chunk) {
    workers.run(
        Math.floorDiv(count - 1, GRAIN) + 1,
        (i, worker) -> {
          float[] space = scratch.take(worker, Scratch.Use.STRIP, Curves.SPACE);
          int from = i * GRAIN;
          chunk.run(from, Math.min(count - from, GRAIN) + from, space);
        });
  }

  void fill(float[] y, float value) {
    workers.range(y.length, GRAIN, (from, to) -> java.util.Arrays.fill(y, from, to, value));
  }

  void random(Noise noise, RandomStream stream, double a, double b, float[] y) {
    workers.range(
        y.length,
        GRAIN / 8,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = (float) noise.at(stream, i, a, b);
          }
        });
  }

  void affine(float alpha, float[] x, float beta, float[] y) {
    workers.range(x.length, GRAIN, (from, to) -> affine(alpha, x, beta, y, from, to));
  }

  private static void affine(float alpha, float[] x, float beta, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.fma(alpha, x[i], beta);
    }
  }

  void unary(Unary f, double a, double b, float[] x, float[] y) {
    chunks(x.length, (from, to, space) -> value(f, a, b, x, y, from, to, space));
  }

  private static void value(
      Unary f, double a, double b, float[] x, float[] y, int from, int to, float[] space) {
    if (Curves.hasValue(f)) {
      CURVES.value(f, x, y, from, to, space);
      return;
    }
    switch (f) {
      case NEG:
        negate(x, y, from, to);
        break;
      case ABS:
        absolute(x, y, from, to);
        break;
      case SQUARE:
        square(x, y, from, to);
        break;
      case SQRT:
        root(x, y, from, to);
        break;
      case RSQRT:
        inverseRoot(x, y, from, to);
        break;
      case RECIPROCAL:
        reciprocal(x, y, from, to);
        break;
      case RELU:
        atLeast(0, x, y, from, to);
        break;
      case RELU6:
        clamp(0, 6, x, y, from, to);
        break;
      case LEAKY_RELU:
        leaky((float) a, x, y, from, to);
        break;
      case CLAMP:
        clamp((float) a, (float) b, x, y, from, to);
        break;
      case HARDSIGMOID:
        hardSigmoid(x, y, from, to);
        break;
      case HARDSWISH:
        hardSwish(x, y, from, to);
        break;
      default: // POW, LOG1P, SIN, COS, ACOS, SOFTPLUS: seldom on many elements
        for (int i = from; i < to; i++) {
          y[i] = (float) f.value(x[i], a, b);
        }
    }
  }

  void unaryGrad(Unary f, double a, double b, float[] x, float[] y, float[] dy, float[] dx) {
    chunks(x.length, (from, to, space) -> gradient(f, a, b, x, y, dy, dx, from, to, space));
  }

  private static void gradient(
      Unary f,
      double a,
      double b,
      float[] x,
      float[] y,
      float[] dy,
      float[] dx,
      int from,
      int to,
      float[] space) {
    if (Curves.hasGradient(f)) {
      CURVES.gradient(f, x, dy, dx, from, to, space);
      return;
    }
    Curves.Gate gate = gate(f, (float) a, (float) b);
    if (gate != null) {
      CURVES.gate(gate, x, dy, dx, from, to);
      return;
    }
    switch (f) {
      case NEG:
        negate(dy, dx, from, to);
        break;
      case SQUARE:
        squareGradient(x, dy, dx, from, to);
        break;
      case SQRT:
        rootGradient(y, dy, dx, from, to);
        break;
      case RSQRT:
        inverseRootGradient(x, y, dy, dx, from, to);
        break;
      case RECIPROCAL:
        reciprocalGradient(y, dy, dx, from, to);
        break;
      case EXP:
        expGradient(y, dy, dx, from, to);
        break;
      case LOG:
        logGradient(x, dy, dx, from, to);
        break;
      case TANH:
        tanhGradient(y, dy, dx, from, to);
        break;
      case SIGMOID:
        sigmoidGradient(y, dy, dx, from, to);
        break;
      default: // ABS, HARDSWISH, POW, LOG1P, SIN, COS, ACOS, SOFTPLUS
        for (int i = from; i < to; i++) {
          dx[i] = (float) (dy[i] * f.slope(x[i], y[i], a, b));
        }
    }
  }

  /** The functions whose slope is one constant inside an interval and another outside. */
  private static Curves.Gate gate(Unary f, float a, float b) {
    switch (f) {
      case RELU:
        return new Curves.Gate(0, Float.POSITIVE_INFINITY, 1, 0);
      case RELU6:
        return new Curves.Gate(0, Math.nextDown(6f), 1, 0);
      case LEAKY_RELU:
        return new Curves.Gate(0, Float.POSITIVE_INFINITY, 1, a);
      case HARDSIGMOID:
        return new Curves.Gate(-3, Math.nextDown(3f), 1 / 6f, 0);
      case CLAMP:
        return new Curves.Gate(Math.nextDown(a), b, 1, 0);
      default:
        return null;
    }
  }

  static void negate(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = -x[i];
    }
  }

  private static void absolute(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.abs(x[i]);
    }
  }

  private static void square(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * x[i];
    }
  }

  static void root(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = (float) Math.sqrt(x[i]);
    }
  }

  private static void inverseRoot(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = 1 / (float) Math.sqrt(x[i]);
    }
  }

  private static void reciprocal(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = 1 / x[i];
    }
  }

  private static void atLeast(float low, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], low);
    }
  }

  private static void clamp(float low, float high, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(Math.max(x[i], low), high);
    }
  }

  private static void leaky(float a, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(x[i], 0) + a * Math.min(x[i], 0);
    }
  }

  private static void hardSigmoid(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.min(Math.max(x[i] / 6 + 0.5f, 0), 1);
    }
  }

  private static void hardSwish(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * Math.min(Math.max(x[i] / 6 + 0.5f, 0), 1);
    }
  }

  private static void squareGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * 2 * x[i];
    }
  }

  private static void rootGradient(float[] y, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * (0.5f / y[i]);
    }
  }

  private static void inverseRootGradient(
      float[] x, float[] y, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * (-0.5f * y[i] / x[i]);
    }
  }

  private static void reciprocalGradient(float[] y, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * -(y[i] * y[i]);
    }
  }

  private static void expGradient(float[] y, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * y[i];
    }
  }

  private static void logGradient(float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] / x[i];
    }
  }

  private static void tanhGradient(float[] y, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * (1 - y[i] * y[i]);
    }
  }

  private static void sigmoidGradient(float[] y, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] = dy[i] * (y[i] * (1 - y[i]));
    }
  }
}
