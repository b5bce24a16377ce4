package akin.tensor.reference;

import akin.tensor.backend.Reduction;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What moves rows about, and what looks along one axis of x [outer,axis,inner]. */
final class Rows {
  private Rows() {}

  static void reduce(Reduction r, double[] x, double[] y, int outer, int axis, int inner) {
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        y[o * inner + i] = reduceLine(r, x, o * axis * inner + i, axis, inner);
      }
    }
  }

  /** Reduces {@code count} elements from {@code start} on, {@code step} apart. */
  private static double reduceLine(Reduction r, double[] x, int start, int count, int step) {
    double sum = 0;
    double max = Double.NEGATIVE_INFINITY;
    double min = Double.POSITIVE_INFINITY;
    for (int j = 0; j < count; j++) {
      double value = x[start + j * step];
      sum += value;
      max = Math.max(max, value); // NaN wins
      min = Math.min(min, value);
    }
    return switch (r) {
      case SUM -> sum;
      case MEAN -> sum / count;
      case MAX -> max;
      case MIN -> min;
    };
  }

  static void permute(double[] x, double[] y, long[] sizes, int[] order) {
    int rank = sizes.length;
    int[] stride = new int[rank]; // of x
    for (int axis = rank - 1, step = 1; axis >= 0; axis--) {
      stride[axis] = step;
      step *= (int) sizes[axis];
    }
    int[] at = new int[rank]; // position in y
    for (int i = 0; i < y.length; i++) {
      int from = 0;
      for (int k = 0; k < rank; k++) {
        from += at[k] * stride[order[k]];
      }
      y[i] = x[from];
      for (int k = rank - 1; k >= 0 && ++at[k] == sizes[order[k]]; k--) {
        at[k] = 0;
      }
    }
  }

  static void gather(double[] x, int[] rows, double[] y, int width) {
    for (int k = 0; k < rows.length; k++) {
      for (int i = 0; i < width; i++) {
        y[k * width + i] = x[rows[k] * width + i];
      }
    }
  }

  static void scatterAdd(double[] x, int[] rows, double[] y, int yRows, int width) {
    Arrays.fill(y, 0, yRows * width, 0);
    for (int k = 0; k < rows.length; k++) {
      for (int i = 0; i < width; i++) {
        y[rows[k] * width + i] += x[k * width + i];
      }
    }
  }

  static void topK(double[] x, int rows, int cols, int k, boolean largest, int[] index) {
    for (int r = 0; r < rows; r++) {
      int start = r * cols;
      int[] best =
          IntStream.range(0, cols)
              .boxed()
              .sorted(Comparator.comparing(j -> x[start + j], order(largest))) // stable
              .mapToInt(Integer::intValue)
              .limit(k)
              .toArray();
      System.arraycopy(best, 0, index, r * k, k);
    }
  }

  /** Best first; −0 equals 0; NaN last whichever way. */
  private static Comparator<Double> order(boolean largest) {
    return (a, b) -> {
      if (a.isNaN() || b.isNaN()) {
        return Boolean.compare(a.isNaN(), b.isNaN());
      }
      int sign = a.doubleValue() < b ? -1 : a.doubleValue() > b ? 1 : 0;
      return largest ? -sign : sign;
    };
  }

  static void softmax(boolean log, double[] x, double[] y, int outer, int axis, int inner) {
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        int start = o * axis * inner + i;
        double max = reduceLine(Reduction.MAX, x, start, axis, inner);
        double sum = 0;
        for (int j = 0; j < axis; j++) {
          sum += Math.exp(x[start + j * inner] - max);
        }
        for (int j = 0; j < axis; j++) {
          double shifted = x[start + j * inner] - max;
          y[start + j * inner] = log ? shifted - Math.log(sum) : Math.exp(shifted) / sum;
        }
      }
    }
  }

  static void softmaxGrad(
      boolean log, double[] y, double[] dy, double[] dx, int outer, int axis, int inner) {
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        int start = o * axis * inner + i;
        double sum = 0;
        for (int j = 0; j < axis; j++) {
          int at = start + j * inner;
          sum += log ? dy[at] : dy[at] * y[at];
        }
        for (int j = 0; j < axis; j++) {
          int at = start + j * inner;
          dx[at] = log ? dy[at] - Math.exp(y[at]) * sum : y[at] * (dy[at] - sum);
        }
      }
    }
  }
}
