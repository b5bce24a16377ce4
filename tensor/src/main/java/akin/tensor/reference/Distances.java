package akin.tensor.reference;

import akin.tensor.backend.Distance;
import java.util.Arrays;

/** Distances between the rows of a [n,d] and b [m,d]. */
final class Distances {
  /** Norms below this count as this, so that a zero vector has cosine distance 1 to everything. */
  private static final double EPS = 1e-8;

  private Distances() {}

  static void forward(Distance f, double[] a, double[] b, double[] y, int n, int m, int d) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        y[i * m + j] = between(f, a, i * d, b, j * d, d);
      }
    }
  }

  /** The distance between a[start …] and b[start …], {@code d} numbers each. */
  static double between(Distance f, double[] a, int startA, double[] b, int startB, int d) {
    double squares = 0;
    double absolutes = 0;
    for (int i = 0; i < d; i++) {
      double difference = a[startA + i] - b[startB + i];
      squares += difference * difference;
      absolutes += Math.abs(difference);
    }
    return switch (f) {
      case EUCLIDEAN -> Math.sqrt(squares);
      case SQUARED -> squares;
      case L1 -> absolutes;
      case COSINE -> {
        double norms = Math.max(norm(a, startA, d), EPS) * Math.max(norm(b, startB, d), EPS);
        yield 1 - dot(a, startA, b, startB, d) / norms;
      }
      case DOT -> -dot(a, startA, b, startB, d);
    };
  }

  private static double dot(double[] a, int startA, double[] b, int startB, int d) {
    double sum = 0;
    for (int i = 0; i < d; i++) {
      sum += a[startA + i] * b[startB + i];
    }
    return sum;
  }

  private static double norm(double[] a, int start, int d) {
    return Math.sqrt(dot(a, start, a, start, d));
  }

  static void backward(
      Distance f,
      double[] a,
      double[] b,
      double[] y,
      double[] dy,
      boolean swapped,
      double[] da,
      int n,
      int m,
      int d) {
    double[] slope = new double[d];
    for (int i = 0; i < n; i++) {
      Arrays.fill(da, i * d, (i + 1) * d, 0);
      for (int j = 0; j < m; j++) {
        int at = swapped ? j * n + i : i * m + j;
        slope(f, a, i * d, b, j * d, y[at], slope);
        for (int l = 0; l < d; l++) {
          da[i * d + l] += dy[at] * slope[l];
        }
      }
    }
  }

  /** slope = ∂distance(a, b)/∂a, where {@code y} is the distance. */
  private static void slope(
      Distance f, double[] a, int startA, double[] b, int startB, double y, double[] slope) {
    int d = slope.length;
    double normA = norm(a, startA, d);
    double lengthA = Math.max(normA, EPS);
    double lengthB = Math.max(norm(b, startB, d), EPS);
    double cosine = dot(a, startA, b, startB, d) / (lengthA * lengthB);
    double turning = normA > EPS ? cosine : 0; // below EPS the length is a constant
    for (int l = 0; l < d; l++) {
      double difference = a[startA + l] - b[startB + l];
      slope[l] =
          switch (f) {
            case EUCLIDEAN -> y == 0 ? 0 : difference / y;
            case SQUARED -> 2 * difference;
            case L1 -> Math.signum(difference);
            case COSINE -> -(b[startB + l] / lengthB - turning * a[startA + l] / lengthA) / lengthA;
            case DOT -> -b[startB + l];
          };
    }
  }
}
