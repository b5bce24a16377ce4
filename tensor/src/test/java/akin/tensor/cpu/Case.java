package akin.tensor.cpu;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of a backend's method. The cpu backend may differ from the reference by {@code units} ·
 * 2⁻²⁴ · {@code terms}, where terms are the sums of absolute values that went into each result, and
 * units the number of roundings in a row.
 *
 * @param terms null for the result's own absolute value
 */
record Case(String name, Run run, Run terms, double units) {
  /** Does the call and gives its results. */
  interface Run {
    double[][] on(Lab lab);
  }

  double[][] on(Backend backend) {
    try (Lab lab = new Lab(backend)) {
      return run.on(lab);
    }
  }

  /** Buffers of one call. */
  static final class Lab implements AutoCloseable {
    final Backend backend;
    private final List<Buffer> buffers = new ArrayList<>();

    Lab(Backend backend) {
      this.backend = backend;
    }

    Buffer in(float[] x) {
      Buffer buffer = out(x.length);
      backend.upload(x, buffer);
      return buffer;
    }

    /** A buffer full of rubbish. */
    Buffer out(long length) {
      Buffer buffer = backend.allocate(length);
      backend.fill(buffer, 1e30);
      buffers.add(buffer);
      return buffer;
    }

    double[][] get(Buffer... results) {
      double[][] values = new double[results.length][];
      for (int i = 0; i < results.length; i++) {
        values[i] = new double[(int) results[i].length()];
        backend.download(results[i], values[i]);
      }
      return values;
    }

    @Override
    public void close() {
      buffers.forEach(backend::release);
    }
  }

  /** Standard normal numbers. */
  static float[] normal(String name, int n) {
    RandomStream stream = RandomStream.of(7, name);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) stream.gaussian(i);
    }
    return x;
  }

  /** Numbers uniform in [low, high). */
  static float[] uniform(String name, int n, double low, double high) {
    RandomStream stream = RandomStream.of(7, name);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (low + (high - low) * stream.uniform(i));
    }
    return x;
  }

  static float[] abs(float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.abs(x[i]);
    }
    return y;
  }

  static double[] abs(double[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.abs(x[i]);
    }
    return y;
  }
}
