package akin.tensor.check;

import akin.tensor.RandomStream;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a case of the backend contract is tried: it draws the same numbers on every backend, hands
 * them over in buffers, and writes down what came out. Numbers are drawn as float32, so that every
 * backend computes with the same ones.
 */
public final class ContractBench implements AutoCloseable {
  /** What came out of a trial, and how far from the truth it may lie. */
  record Output(String name, double[] values, Bound bound) {}

  private final Backend backend;
  private final boolean magnitudes;
  private final RandomStream stream;
  private long drawn;
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<Buffer, String> inputs = new LinkedHashMap<>();
  private final List<Output> outputs = new ArrayList<>();

  ContractBench(Backend backend, RandomStream stream, boolean magnitudes) {
    this.backend = backend;
    this.stream = stream;
    this.magnitudes = magnitudes;
  }

  /** The backend under trial. */
  Backend backend() {
    return backend;
  }

  /** Whether this run takes absolute values to find the magnitude Σ|terms| of the results. */
  boolean magnitudes() {
    return magnitudes;
  }

  /**
   * {@code n} numbers around 0 with deviation 1, below 3.5: nearly normal, sums of four uniform
   * ones, because drawing true normal ones would cost most of a case's time.
   */
  double[] normal(long n) {
    double[] x = new double[Math.toIntExact(n)];
    for (int i = 0; i < x.length; i++) {
      long bits = stream.bits(drawn++);
      long sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
      x[i] = (float) ((sum / 65536.0 - 2) * Math.sqrt(3));
    }
    return x;
  }

  /** {@code n} numbers, uniform in [low, high). */
  double[] uniform(long n, double low, double high) {
    double[] x = new double[Math.toIntExact(n)];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (low + (high - low) * stream.uniform(drawn++));
    }
    return x;
  }

  /** {@code n} whole numbers, uniform in [low, high): they make ties and exact sums. */
  double[] whole(long n, int low, int high) {
    double[] x = new double[Math.toIntExact(n)];
    for (int i = 0; i < x.length; i++) {
      x[i] = low + stream.below(drawn++, high - low);
    }
    return x;
  }

  /** A buffer that holds {@code x}; it must still hold it after the trial unless it is checked. */
  Buffer in(double... x) {
    Buffer buffer = allocate(x.length);
    backend.upload(x, buffer);
    inputs.put(buffer, "input " + inputs.size() + " after the call");
    return buffer;
  }

  /** As {@link #in}, for an operand that enters sums as a factor of their terms. */
  Buffer term(double... x) {
    return in(magnitudes ? Arrays.stream(x).map(Math::abs).toArray() : x);
  }

  /** A buffer that holds NaN, to be overwritten. */
  Buffer out(long n) {
    Buffer buffer = allocate(n);
    double[] nothing = new double[Math.toIntExact(n)];
    Arrays.fill(nothing, Double.NaN);
    backend.upload(nothing, buffer);
    return buffer;
  }

  /** An empty buffer whose content nobody set. */
  Buffer allocate(long n) {
    Buffer buffer = backend.allocate(n);
    buffers.add(buffer);
    return buffer;
  }

  /** Gives a buffer back before the end. */
  void release(Buffer buffer) {
    buffers.remove(buffer);
    inputs.remove(buffer);
    backend.release(buffer);
  }

  /** Writes down what {@code y} holds. */
  void check(String name, Buffer y, Bound bound) {
    inputs.remove(y);
    check(name, download(y), bound);
  }

  /** Writes down numbers from the host. */
  void check(String name, double[] y, Bound bound) {
    outputs.add(new Output(name, y, bound));
  }

  /** Writes down whether something holds that must hold: 1 if it does. */
  void holds(String claim, boolean truth) {
    check(claim, new double[] {truth ? 1 : 0}, Bound.EXACT);
  }

  /** What a buffer holds. */
  double[] download(Buffer y) {
    double[] values = new double[Math.toIntExact(y.length())];
    backend.download(y, values);
    return values;
  }

  /** The outputs so far, and the inputs that must not have changed. */
  List<Output> outputs() {
    List<Output> all = new ArrayList<>(outputs);
    inputs.forEach((buffer, name) -> all.add(new Output(name, download(buffer), Bound.EXACT)));
    return all;
  }

  @Override
  public void close() {
    buffers.forEach(backend::release);
  }
}
