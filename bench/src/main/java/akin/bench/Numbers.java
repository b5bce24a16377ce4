package akin.bench;

import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Noise;

/** Input that is like any other: its values do not matter, but zeros would be too easy. */
final class Numbers {
  private static final RandomStream STREAM = RandomStream.of(1, "bench");

  private Numbers() {}

  /** Normal, mean 0, deviation 1. */
  static Tensor normal(Shape shape) {
    return Tensor.random(shape, Noise.NORMAL, STREAM, 0, 1);
  }

  /** Whole numbers from 0 to {@code below} − 1. */
  static int[] labels(int count, int below) {
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = STREAM.below(i, below);
    }
    return labels;
  }

  /** Rows of length 1, row-major. */
  static float[] unitRows(int rows, int width, String name) {
    RandomStream stream = STREAM.child(name);
    float[] x = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      double squares = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        x[i] = (float) (stream.uniform(i) - 0.5);
        squares += x[i] * x[i];
      }
      float scale = (float) (1 / Math.sqrt(squares));
      for (int i = row * width; i < (row + 1) * width; i++) {
        x[i] *= scale;
      }
    }
    return x;
  }
}
