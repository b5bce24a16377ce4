package akin.tensor.cpu;

import akin.tensor.backend.Distance;
import java.util.Arrays;

/** Distances of all pairs of rows, and their gradients, by differences: nothing cancels. */
final class Distances {
  /** Norms below this are raised to it. */
  private static final double SMALLEST_NORM = 1e-8;

  private static final Sums SUMS = Simd.SUMS;

  private final Workers workers;
  private final Gemm gemm;

  Distances(Workers workers, Gemm gemm) {
    this.workers = workers;
    this.gemm = gemm;
  }

  static Gemm.Kind kind(Distance f) {
    switch (f) {
      case COSINE:
        return Gemm.Kind.PRODUCT;
      case L1:
        return Gemm.Kind.ABSOLUTES;
      default:
        return Gemm.Kind.SQUARES;
    }
  }

  /** y [n,m] from a [n,d] and b [m,d]. */
  void forward(Distance f, float[] a, float[] b, float[] y, int n, int m, int d) {
    gemm.run(
        new Gemm.Call(
            kind(f), new Matrix(a, 0, d, false), new Matrix(b, 0, d, true), y, 0, n, d, m));
    if (f == Distance.EUCLIDEAN) {
      workers.range(y.length, Elements.GRAIN, (from, to) -> Elements.root(y, y, from, to));
    } else if (f == Distance.COSINE) {
      double[] normA = norms(a, n, d);
      double[] normB = norms(b, m, d);
      workers.range(
          n,
          Math.max(1, Elements.GRAIN / Math.max(1, m)),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              cosine(y, i * m, normA[i], normB);
            }
          });
    }
  }

  private static void cosine(float[] y, int at, double norm, double[] norms) {
    for (int j = 0; j < norms.length; j++) {
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
    for (int i = 0; i < n; i++) {
      double square = SUMS.squares(x, i * d, i * d + d, 0);
      norms[i] = Math.max(Math.sqrt(square), SMALLEST_NORM);
    }
    return norms;
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
    double[] normA = f == Distance.COSINE ? norms(a, n, d) : null;
    double[] normB = f == Distance.COSINE ? norms(b, m, d) : null;
    workers.range(
        n,
        Math.max(1, Elements.GRAIN / Math.max(1, m * d)),
        (from, to) -> {
          // Rows are copied out: the compiler makes vectors of loops over one common index only.
          float[] own = new float[d];
          float[] other = new float[d];
          float[] sum = new float[d];
          for (int i = from; i < to; i++) {
            System.arraycopy(a, i * d, own, 0, d);
            Arrays.fill(sum, 0);
            double scale = 0; // of a cosine: Σ dy·s
            for (int j = 0; j < m; j++) {
              System.arraycopy(b, j * d, other, 0, d);
              int p = swapped ? j * n + i : i * m + j;
              float g = dy[p];
              switch (f) {
                case SQUARED:
                  addDifference(2 * g, own, other, sum);
                  break;
                case EUCLIDEAN:
                  addDifference(y[p] == 0 ? 0 : g / y[p], own, other, sum);
                  break;
                case L1:
                  addSign(g, own, other, sum);
                  break;
                default:
                  addRow((float) (-g / (normA[i] * normB[j])), other, sum);
                  scale += g * (1.0 - y[p]);
              }
            }
            if (f == Distance.COSINE && normA[i] > SMALLEST_NORM) {
              addRow((float) (scale / (normA[i] * normA[i])), own, sum);
            }
            System.arraycopy(sum, 0, da, i * d, d);
          }
        });
  }

  private static void addDifference(float w, float[] x, float[] y, float[] sum) {
    for (int t = 0; t < sum.length; t++) {
      sum[t] = Math.fma(w, x[t] - y[t], sum[t]);
    }
  }

  private static void addSign(float w, float[] x, float[] y, float[] sum) {
    for (int t = 0; t < sum.length; t++) {
      sum[t] += w * Math.signum(x[t] - y[t]);
    }
  }

  private static void addRow(float w, float[] x, float[] sum) {
    for (int t = 0; t < sum.length; t++) {
      sum[t] = Math.fma(w, x[t], sum[t]);
    }
  }
}
