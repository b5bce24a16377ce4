package akin.tests;

import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Backend;
import akin.tensor.backend.ConvShape;
import akin.tensor.op.BatchNorm;
import java.util.ArrayList;
import java.util.List;

/**
 * A small graph of convolutions, batch norms, sums and the like, drawn from a seed: values are read
 * once, twice or never, by anything of their shape. The same seed gives the same graph and the same
 * numbers, exact in float32, on every backend.
 */
final class RandomNetwork implements AutoCloseable {
  private static final int SIDE = 5;

  private final RandomStream stream;
  private final int operators;
  private final Scope weights;
  private long drawn;

  RandomNetwork(long seed, int operators, Backend backend) {
    stream = RandomStream.of(seed, "network");
    this.operators = operators;
    weights = Scope.detached(backend);
  }

  /** A picture batch [2,3,5,5]. */
  Tensor input() {
    drawn = -1;
    return weight(0, 1, 2, 3, SIDE, SIDE);
  }

  /** The graph's value; the same at every call. */
  Tensor apply(Tensor x) {
    drawn = 0;
    List<Tensor> made = new ArrayList<>(List.of(x));
    for (int i = 0; i < operators; i++) {
      made.add(next(made));
    }
    Tensor y = made.get(made.size() - 1);
    if (choose(2) == 0) {
      y = y.add(recent(made, y.dim(1)));
    }
    return choose(2) == 0 ? y : head(y);
  }

  private Tensor next(List<Tensor> made) {
    Tensor a = recent(made, 0);
    int c = a.dim(1);
    return switch (choose(16)) {
      case 0, 1, 2 -> norm(convolution(a, 1 + choose(4), 1));
      case 3, 4 -> norm(a);
      case 5, 6 -> convolution(a, 1 + choose(4), 1);
      case 7 -> norm(convolution(a, c, c));
      case 8 -> a.relu();
      case 9 -> a.relu6();
      case 10, 11 -> a.add(recent(made, c));
      case 12 -> a.add(weight(0, 1, c, 1, 1)).relu();
      case 13 -> a.silu().mul(weight(1, 0.5, 1, c, 1, 1));
      case 14 -> c <= 4 ? Tensor.concat(1, a, recent(made, 0)) : a.flatten(2).reshape(a.shape());
      default -> a.pad(0, 0, 0, 0, 0).maxPool2d(3, 1, 1).mul(1);
    };
  }

  private Tensor convolution(Tensor x, int out, int groups) {
    int in = x.dim(1) / groups;
    int kernel = choose(2) == 0 ? 1 : 3;
    double scale = 1 / Math.sqrt(in * kernel * kernel);
    Tensor w = weight(0, scale, out, in, kernel, kernel);
    Tensor b = choose(2) == 0 ? null : weight(0, 1, out);
    return x.conv2d(w, b, ConvShape.Window.of(1, kernel / 2), groups);
  }

  private Tensor norm(Tensor x) {
    int c = x.dim(1);
    Tensor gamma = weight(0.5, 1, c);
    Tensor beta = weight(0, 1, c);
    return x.batchNorm(
        gamma, beta, weight(0, 0.5, c), weight(1.5, 1, c), new BatchNorm(false, 0.1, 1e-5));
  }

  private Tensor head(Tensor x) {
    Tensor rows = x.mean(false, 2, 3);
    Tensor y = rows.matmul(weight(0, 1, 4, rows.dim(1)), false, true);
    y = choose(2) == 0 ? y : y.add(weight(0, 1, 4));
    return norm(choose(3) == 0 ? y.relu() : y).relu();
  }

  /** One of the last values, of so many channels if {@code channels} > 0. */
  private Tensor recent(List<Tensor> made, int channels) {
    List<Tensor> fit = made.stream().filter(t -> channels == 0 || t.dim(1) == channels).toList();
    return fit.get(fit.size() - 1 - choose(Math.min(3, fit.size())));
  }

  private int choose(int count) {
    return (int) (stream.child("choice").uniform(drawn++) * count);
  }

  /** Uniform in middle ± spread, to 16 bits; the same at every call. */
  private Tensor weight(double middle, double spread, long... sizes) {
    Shape shape = Shape.of(sizes);
    RandomStream own = stream.child("weight").child(drawn++);
    double[] values = new double[Math.toIntExact(shape.count())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (middle + spread * (2 * own.uniform(i) - 1));
    }
    return weights.run(() -> Tensor.of(shape, values));
  }

  @Override
  public void close() {
    weights.close();
  }
}
