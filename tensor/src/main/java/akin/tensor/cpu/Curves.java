package akin.tensor.cpu;

import akin.tensor.backend.Unary;

/** Loops over elements that a compiler does not vectorise by itself. */
interface Curves {
  /** Elements of the working space that a call needs. */
  int SPACE = 2048;

  /** Whether {@link #value} knows {@code f}. */
  static boolean hasValue(Unary f) {
    switch (f) {
      case EXP:
      case LOG:
      case TANH:
      case SIGMOID:
      case ERF:
      case GELU:
      case GELU_TANH:
      case SILU:
        return true;
      default:
        return false;
    }
  }

  /** Whether {@link #gradient} knows {@code f}. */
  static boolean hasGradient(Unary f) {
    return f == Unary.ERF || f == Unary.GELU || f == Unary.GELU_TANH || f == Unary.SILU;
  }

  /** y[i] = f(x[i]). */
  void value(Unary f, float[] x, float[] y, int from, int to, float[] space);

  /** dx[i] = dy[i]·f′(x[i]). */
  void gradient(Unary f, float[] x, float[] dy, float[] dx, int from, int to, float[] space);

  /** y[i] = e^(x[i] − shift), i &lt; n. */
  void exp(float[] x, int xo, float shift, float[] y, int yo, int n);

  /** dx[i] = dy[i]·(gate open at x[i] ? inside : outside). */
  void gate(Gate gate, float[] x, float[] dy, float[] dx, int from, int to);

  /** A gate that is open where low &lt; x ≤ high, and the slopes on both sides. */
  record Gate(float low, float high, float inside, float outside) {}
}
