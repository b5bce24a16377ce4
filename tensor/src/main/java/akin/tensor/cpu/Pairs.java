package akin.tensor.cpu;

import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;

/** Elementwise functions of two arguments, stretched over a common shape. */
final class Pairs {
  /** Elements of a strip: three of them fit into the first cache. */
  private static final int STRIP = 2048;

  private static final int CHUNK = Elements.GRAIN / STRIP;

  private final Workers workers;
  private final Scratch scratch;

  Pairs(Workers workers, Scratch scratch) {
    this.workers = workers;
    this.scratch = scratch;
  }

  /** Work on one strip: operands a, b from their own starts, results from {@code at} on. */
  private interface Loop {
    void run(float[] a, int ao, float[] b, int bo, int at, int n);
  }

  private void strips(float[] a, float[] b, Broadcast s, int count, Loop loop) {
    Stretch left = new Stretch(a, s.sizes(), s.strideA());
    Stretch right = new Stretch(b, s.sizes(), s.strideB());
    int strips = Math.floorDiv(count - 1, STRIP) + 1;
    workers.run(
        Math.floorDiv(strips - 1, CHUNK) + 1,
        (chunk, worker) -> {
          float[] spaceA = scratch.take(worker, Scratch.Use.STRIP, STRIP);
          float[] spaceB = scratch.take(worker, Scratch.Use.STRIP2, STRIP);
          int end = Math.min(strips, (chunk + 1) * CHUNK);
          for (int i = chunk * CHUNK; i < end; i++) {
            int at = i * STRIP;
            int n = Math.min(STRIP, count - at);
            Stretch.Strip p = left.strip(at, n, spaceA);
            Stretch.Strip q = right.strip(at, n, spaceB);
            loop.run(p.array(), p.start(), q.array(), q.start(), at, n);
          }
        });
  }

  /** y = f(a, b). */
  void value(Binary f, float[] a, float[] b, float[] y, Broadcast s) {
    strips(a, b, s, y.length, (p, po, q, qo, at, n) -> value(f, p, po, q, qo, y, at, n));
  }

  private static void value(
      Binary f, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    switch (f) {
      case ADD:
        add(a, ao, b, bo, y, yo, n);
        break;
      case SUB:
        subtract(a, ao, b, bo, y, yo, n);
        break;
      case MUL:
        multiply(a, ao, b, bo, y, yo, n);
        break;
      case DIV:
        divide(a, ao, b, bo, y, yo, n);
        break;
      case MAX:
        max(a, ao, b, bo, y, yo, n);
        break;
      case MIN:
        min(a, ao, b, bo, y, yo, n);
        break;
      case EQUAL:
        equal(a, ao, b, bo, y, yo, n);
        break;
      case GREATER:
        greater(a, ao, b, bo, y, yo, n);
        break;
      case POW:
        for (int i = 0; i < n; i++) {
          y[yo + i] = (float) f.value(a[ao + i], b[bo + i]);
        }
        break;
      default:
        throw new AssertionError(f);
    }
  }

  /** g = dy·∂f/∂a, or of ∂f/∂b. */
  void gradient(
      Binary f,
      boolean first,
      float[] a,
      float[] b,
      float[] y,
      float[] dy,
      float[] g,
      Broadcast s) {
    strips(
        a,
        b,
        s,
        g.length,
        (p, po, q, qo, at, n) -> {
          switch (f) {
            case ADD:
              System.arraycopy(dy, at, g, at, n);
              break;
            case SUB:
              if (first) {
                System.arraycopy(dy, at, g, at, n);
              } else {
                Elements.negate(dy, g, at, at + n);
              }
              break;
            case MUL:
              multiply(dy, at, first ? q : p, first ? qo : po, g, at, n);
              break;
            case DIV:
              divide(dy, at, q, qo, g, at, n);
              if (!first) {
                multiply(g, at, y, at, g, at, n);
                Elements.negate(g, g, at, at + n);
              }
              break;
            case EQUAL:
            case GREATER:
              java.util.Arrays.fill(g, at, at + n, 0);
              break;
            default: // MAX, MIN, POW
              for (int i = 0; i < n; i++) {
                double u = p[po + i];
                double v = q[qo + i];
                double value = y[at + i];
                double slope = first ? f.slopeA(u, v, value) : f.slopeB(u, v, value);
                g[at + i] = (float) (dy[at + i] * slope);
              }
          }
        });
  }

  private static void add(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] + b[bo + i];
    }
  }

  private static void subtract(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] - b[bo + i];
    }
  }

  private static void multiply(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] * b[bo + i];
    }
  }

  private static void divide(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] / b[bo + i];
    }
  }

  private static void max(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.max(a[ao + i], b[bo + i]);
    }
  }

  private static void min(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.min(a[ao + i], b[bo + i]);
    }
  }

  private static void equal(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] == b[bo + i] ? 1 : 0;
    }
  }

  private static void greater(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = a[ao + i] > b[bo + i] ? 1 : 0;
    }
  }
}
