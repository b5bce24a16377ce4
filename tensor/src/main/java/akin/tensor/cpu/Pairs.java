package akin.tensor.cpu;

import akin.tensor.backend.Binary;
import akin.tensor.backend.Broadcast;

/** Elementwise functions of two arguments, stretched over a common shape. */
final class Pairs {
  /** Elements of a strip: three of them fit into the first cache. */
  private static final int STRIP = 2048;

  private static final int CHUNK = Elements.GRAIN / STRIP;

  private static final Binaries BINARIES = Simd.BINARIES;

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
    if (Binaries.has(f)) {
      BINARIES.value(f, a, ao, b, bo, y, yo, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      y[yo + i] = (float) f.value(a[ao + i], b[bo + i]);
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
              value(Binary.MUL, dy, at, first ? q : p, first ? qo : po, g, at, n);
              break;
            case DIV:
              if (first) {
                value(Binary.DIV, dy, at, q, qo, g, at, n);
              } else { // y/b is what can be finite where dy/b is not
                value(Binary.DIV, y, at, q, qo, g, at, n);
                value(Binary.MUL, dy, at, g, at, g, at, n);
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
}
