package akin.tensor.cpu;

import akin.tensor.backend.Distance;

/**
 * Distances of all pairs of rows, and their gradients, by differences where there are any, so that
 * nothing cancels. What is a product, {@code DOT}, is one of matrices: Y = −A·Bᵀ, dA = −dY·B.
 */
final class Distances {
  /** Norms below this are raised to it. */
  private static final double SMALLEST_NORM = 1e-8;

  private static final Sums SUMS = Simd.SUMS;

  private static final Differences DIFFERENCES = Simd.DIFFERENCES;

  private final Workers workers;
  private final Scratch scratch;
  private final Gemm gemm;

  Distances(Workers workers, Scratch scratch, Gemm gemm) {
    this.workers = workers;
    this.scratch = scratch;
    this.gemm = gemm;
  }

  static Gemm.Kind kind(Distance f) {
    switch (f) {
      case COSINE:
      case DOT:
        return Gemm.Kind.PRODUCT;
      case L1:
        return Gemm.Kind.ABSOLUTES;
      default:
        return Gemm.Kind.SQUARES;
    }
  }

  /** y [n,m] from a [n,d] and b [m,d]. */
  void forward(Distance f, float[] a, float[] b, float[] y, int n, int m, int d) {
    if (f == Distance.DOT) {
      gemm.matmul(a, false, b, true, y, 1, new Gemm.Sizes(n, d, m));
      negate(y);
      return;
    }
    gemm.run(
        new Gemm.Call(
            kind(f), new Matrix(a, 0, d, false), new Matrix(b, 0, d, true), y, 0, n, d, m));
    if (f == Distance.EUCLIDEAN) {
      workers.range(y.length, Elements.GRAIN, (from, to) -> Elements.root(y, y, from, to));
    } else if (f == Distance.COSINE) {
      double[] normA = norms(a, n, d, Scratch.Use.LEFT);
      double[] normB = norms(b, m, d, Scratch.Use.RIGHT);
      workers.range(
          n,
          Math.max(1, Elements.GRAIN / Math.max(1, m)),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              cosine(y, i * m, normA[i], normB, m);
            }
          });
    }
  }

  private void negate(float[] y) {
    workers.range(y.length, Elements.GRAIN, (from, to) -> Elements.negate(y, y, from, to));
  }

  private static void cosine(float[] y, int at, double norm, double[] norms, int m) {
    for (int j = 0; j < m; j++) {
      y[at + j] = cosine(y[at + j], norm, norms[j]);
    }
  }

  /** 1 − x·y/(‖x‖·‖y‖). */
  static float cosine(float product, double normX, double normY) {
    return (float) (1 - product / (normX * normY));
  }

  /** max(‖x‖, 1e-8) of each row of x [n,d]. */
  static double[] norms(float[] x, int n, int d) {
    double[] norms = new double[n];
    norms(x, d, norms, 0, n);
    return norms;
  }

  private double[] norms(float[] x, int n, int d, Scratch.Use use) {
    double[] norms = scratch.doubles(0, use, n);
    int grain = Math.max(1, Elements.GRAIN / Math.max(1, d));
    workers.range(n, grain, (from, to) -> norms(x, d, norms, from, to));
    return norms;
  }

  private static void norms(float[] x, int d, double[] norms, int from, int to) {
    for (int i = from; i < to; i++) {
      double square = SUMS.squares(x, i * d, i * d + d, 0);
      norms[i] = Math.max(Math.sqrt(square), SMALLEST_NORM);
    }
  }

  /**
   * da [n,d]; y and dy are [n,m], or [m,n] if swapped.
   *
   * @param sizes m = n, k = d, n = m of the distances
   */
  void gradient(
      Distance f,
      float[] a,
      float[] b,
      float[] y,
      float[] dy,
      boolean swapped,
      float[] da,
      Gemm.Sizes sizes) {
    int n = sizes.m();
    int m = sizes.n();
    int d = sizes.k();
    if (f == Distance.DOT) {
      gemm.matmul(dy, swapped, b, false, da, 1, new Gemm.Sizes(n, m, d));
      negate(da);
      return;
    }
    double[] normA = f == Distance.COSINE ? norms(a, n, d, Scratch.Use.LEFT) : null;
    double[] normB = f == Distance.COSINE ? norms(b, m, d, Scratch.Use.RIGHT) : null;
    int grain = Math.max(1, Elements.GRAIN / Math.max(1, m * d));
    workers.run(
        Math.floorDiv(n - 1, grain) + 1,
        (chunk, worker) -> {
          float[] weights = scratch.take(worker, Scratch.Use.WEIGHTS, m);
          int end = Math.min(n, (chunk + 1) * grain);
          for (int i = chunk * grain; i < end; i++) {
            // dy[i,j] stands at first + j·step
            int first = swapped ? i : i * m;
            int step = swapped ? n : 1;
            switch (f) {
              case SQUARED:
                doubled(dy, first, step, weights, m);
                DIFFERENCES.weighted(a, i * d, b, m, d, weights, da, i * d);
                break;
              case EUCLIDEAN:
                overDistance(dy, y, first, step, weights, m);
                DIFFERENCES.weighted(a, i * d, b, m, d, weights, da, i * d);
                break;
              case L1:
                copied(dy, first, step, weights, m);
                DIFFERENCES.signs(a, i * d, b, m, d, weights, da, i * d);
                break;
              default:
                double norm = normA[i];
                double sum = overNorms(dy, y, first, step, norm, normB, weights, m);
                float scale = norm > SMALLEST_NORM ? (float) (sum / (norm * norm)) : 0;
                DIFFERENCES.rows(a, i * d, scale, b, m, d, weights, da, i * d);
            }
          }
        });
  }

  private static void copied(float[] dy, int first, int step, float[] w, int m) {
    for (int j = 0; j < m; j++) {
      w[j] = dy[first + j * step];
    }
  }

  private static void doubled(float[] dy, int first, int step, float[] w, int m) {
    for (int j = 0; j < m; j++) {
      w[j] = 2 * dy[first + j * step];
    }
  }

  /** w = dy/y; where a distance is 0 its slope is 0. */
  private static void overDistance(float[] dy, float[] y, int first, int step, float[] w, int m) {
    for (int j = 0; j < m; j++) {
      int p = first + j * step;
      w[j] = y[p] == 0 ? 0 : dy[p] / y[p];
    }
  }

  /** w = −dy/(‖a‖·‖b_j‖); the result is Σ dy·s, s the cosine 1 − y. */
  private static double overNorms(
      float[] dy, float[] y, int first, int step, double norm, double[] norms, float[] w, int m) {
    double sum = 0;
    for (int j = 0; j < m; j++) {
      int p = first + j * step;
      w[j] = (float) (-dy[p] / (norm * norms[j]));
      sum += dy[p] * (1.0 - y[p]);
    }
    return sum;
  }
}
