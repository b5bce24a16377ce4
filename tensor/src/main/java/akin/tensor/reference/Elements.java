package akin.tensor.reference;

import akin.tensor.RandomStream;
import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;
import akin.tensor.backend.Noise;
import akin.tensor.backend.Unary;
import akin.tensor.backend.Update;

/** What is done to each element alone; functions are evaluated by their defining lambdas. */
final class Elements {
  private Elements() {}

  static void unary(Unary f, double a, double b, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = f.value(x[i], a, b);
    }
  }

  static void unaryGrad(
      Unary f, double a, double b, double[] x, double[] y, double[] dy, double[] dx) {
    for (int i = 0; i < dx.length; i++) {
      dx[i] = dy[i] * f.slope(x[i], y[i], a, b);
    }
  }

  static void affine(double alpha, double[] x, double beta, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = alpha * x[i] + beta;
    }
  }

  static void binary(Binary f, double[] a, double[] b, double[] y, Broadcast s) {
    forEach(s, (i, ia, ib) -> y[i] = f.value(a[ia], b[ib]));
  }

  static void binaryGrad(
      Binary f,
      boolean first,
      double[] a,
      double[] b,
      double[] y,
      double[] dy,
      double[] g,
      Broadcast s) {
    forEach(
        s,
        (i, ia, ib) ->
            g[i] = dy[i] * (first ? f.slopeA(a[ia], b[ib], y[i]) : f.slopeB(a[ia], b[ib], y[i])));
  }

  /** Element {@code i} of the common shape meets element ia of operand a and ib of operand b. */
  private interface Meeting {
    void at(int i, int ia, int ib);
  }

  /** Counts through the common shape like an odometer, last axis fastest. */
  private static void forEach(Broadcast s, Meeting meeting) {
    long[] at = new long[s.sizes().length];
    for (int i = 0; i < s.count(); i++) {
      long ia = 0;
      long ib = 0;
      for (int axis = 0; axis < at.length; axis++) {
        ia += at[axis] * s.strideA()[axis];
        ib += at[axis] * s.strideB()[axis];
      }
      meeting.at(i, (int) ia, (int) ib);
      for (int axis = at.length - 1; axis >= 0 && ++at[axis] == s.sizes()[axis]; axis--) {
        at[axis] = 0;
      }
    }
  }

  static void random(Noise noise, RandomStream stream, double a, double b, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = noise.at(stream, i, a, b);
    }
  }

  static void update(Update u, double[] p, double[] gradient, double[] m, double[] v) {
    switch (u.rule()) {
      case SGD -> sgd(u, p, gradient, m);
      case ADAM -> adam(u, p, gradient, u.weightDecay(), m, v);
      case ADAMW -> {
        affine(1 - u.rate() * u.weightDecay(), p, 0, p);
        adam(u, p, gradient, 0, m, v);
      }
    }
  }

  private static void sgd(Update u, double[] p, double[] gradient, double[] m) {
    for (int i = 0; i < p.length; i++) {
      double g = gradient[i] + u.weightDecay() * p[i];
      if (u.momentum() != 0) {
        m[i] = u.step() == 1 ? g : u.momentum() * m[i] + (1 - u.dampening()) * g;
        g = u.nesterov() ? g + u.momentum() * m[i] : m[i];
      }
      p[i] -= u.rate() * g;
    }
  }

  private static void adam(
      Update u, double[] p, double[] gradient, double decay, double[] m, double[] v) {
    double rate = u.rate() / (1 - Math.pow(u.beta1(), u.step()));
    double scale = Math.sqrt(1 - Math.pow(u.beta2(), u.step()));
    for (int i = 0; i < p.length; i++) {
      double g = gradient[i] + decay * p[i];
      m[i] = u.beta1() * m[i] + (1 - u.beta1()) * g;
      v[i] = u.beta2() * v[i] + (1 - u.beta2()) * g * g;
      p[i] -= rate * m[i] / (Math.sqrt(v[i]) / scale + u.eps());
    }
  }
}
