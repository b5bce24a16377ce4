package akin.cuda.teach;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Where an example runs: it draws the same inputs on every backend and keeps the outputs. Arrays
 * are numbered as they are drawn, each from a stream of its own.
 */
final class Bench implements AutoCloseable {
  private final Backend backend;
  private final RandomStream stream;
  private final List<Buffer> buffers = new ArrayList<>();
  private final List<Supplier<double[]>> outputs = new ArrayList<>();
  private int arrays;

  Bench(Backend backend, long seed) {
    this.backend = backend;
    stream = RandomStream.of(seed, "kernel");
  }

  /** The stream of the next array. */
  RandomStream stream() {
    return stream.child(arrays++);
  }

  /** A buffer of numbers uniform in [low, high), the same float32 ones on every backend. */
  Buffer drawn(long n, double low, double high) {
    RandomStream own = stream();
    double[] x = new double[Math.toIntExact(n)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (low + (high - low) * own.uniform(i));
    }
    Buffer buffer = empty(n);
    backend.upload(x, buffer);
    return buffer;
  }

  /** Numbers uniform in [−2, 2). */
  Buffer drawn(long n) {
    return drawn(n, -2, 2);
  }

  /** Numbers on the host, uniform in [−2, 2). */
  float[] host(int n) {
    RandomStream own = stream();
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (4 * own.uniform(i) - 2);
    }
    return x;
  }

  /** {@code n} row numbers below {@code rows}. */
  int[] rows(int n, int rows) {
    RandomStream own = stream();
    int[] chosen = new int[n];
    for (int i = 0; i < n; i++) {
      chosen[i] = own.below(i, rows);
    }
    return chosen;
  }

  /** A buffer whose content nobody set. */
  Buffer empty(long n) {
    Buffer buffer = backend.allocate(n);
    buffers.add(buffer);
    return buffer;
  }

  /** A buffer that will be a result. */
  Buffer out(long n) {
    return out(empty(n));
  }

  /** The buffer as a result: one that is overwritten. */
  Buffer out(Buffer buffer) {
    outputs.add(
        () -> {
          double[] values = new double[Math.toIntExact(buffer.length())];
          backend.download(buffer, values);
          return values;
        });
    return buffer;
  }

  /** Row numbers on the host as a result. */
  int[] out(int[] index) {
    outputs.add(() -> IntStream.of(index).asDoubleStream().toArray());
    return index;
  }

  /** Numbers on the host as a result. */
  float[] out(float[] numbers) {
    outputs.add(() -> IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray());
    return numbers;
  }

  /** All results. */
  List<double[]> results() {
    return outputs.stream().map(Supplier::get).toList();
  }

  @Override
  public void close() {
    buffers.forEach(backend::release);
  }
}
