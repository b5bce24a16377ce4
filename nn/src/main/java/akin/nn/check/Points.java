package akin.nn.check;

import akin.tensor.check.Draw;
import akin.tensor.check.Law;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Embeddings of a case as plain numbers, to tell how far they lie from hinges and zeros. */
final class Points {
  /** A norm or distance that differences bear. */
  static final double LEAST = 0.1;

  private Points() {}

  /** 1 to 8 samples of up to 3 classes: some without positives, some without negatives. */
  static int[] labels(Draw draw) {
    int classes = draw.between(1, 3);
    return IntStream.range(0, draw.between(1, 8)).map(i -> draw.below(classes)).toArray();
  }

  /** Rows of length 1. */
  static double[] unit(double[] x, int width) {
    double[] unit = x.clone();
    for (int row = 0; row < x.length; row += width) {
      double norm = norm(Arrays.copyOfRange(x, row, row + width));
      for (int k = row; k < row + width; k++) {
        unit[k] /= norm;
      }
    }
    return unit;
  }

  static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
  }

  /** ‖x_i − x_j‖. */
  static double distance(double[] x, int i, int j, int width) {
    return Math.sqrt(
        IntStream.range(0, width)
            .mapToDouble(k -> x[i * width + k] - x[j * width + k])
            .map(d -> d * d)
            .sum());
  }

  /** x_i · x_j. */
  static double dot(double[] x, int i, int j, int width) {
    return IntStream.range(0, width).mapToDouble(k -> x[i * width + k] * x[j * width + k]).sum();
  }

  /** The shortest row. */
  static double shortest(double[] x, int width) {
    return IntStream.range(0, x.length / width)
        .mapToDouble(row -> norm(Arrays.copyOfRange(x, row * width, (row + 1) * width)))
        .min()
        .orElseThrow();
  }

  /** The smallest distance of two rows; +∞ of one. */
  static double closest(double[] x, int width) {
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < x.length / width; i++) {
      for (int j = 0; j < i; j++) {
        least = Math.min(least, distance(x, i, j, width));
      }
    }
    return least;
  }

  /** Lengths of vectors play no part: x·∂L/∂x = 0 for each row of an input. */
  static Law scale(int input, int width) {
    return new Law(
        "scale: the gradient is at right angles to the vector",
        (x, g) -> {
          List<Law.Balance> sums = new ArrayList<>();
          for (int row = 0; row < x[input].length; row += width) {
            int from = row;
            sums.add(
                Law.Balance.of(
                    IntStream.range(from, from + width)
                        .mapToDouble(i -> x[input][i] * g[input][i])
                        .toArray()));
          }
          return sums;
        });
  }

  /** Moving all samples alike changes nothing. */
  static Law translation(int width) {
    return Law.groupsSumToZero(
        "translation: the gradients of all samples sum to 0", width, i -> i % width);
  }
}
