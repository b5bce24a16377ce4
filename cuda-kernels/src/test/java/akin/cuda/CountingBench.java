package akin.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.cuda.sim.SimDevice;
import akin.cuda.sim.observe.Counters;
import akin.cuda.sim.observe.Traffic;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A backend on a card that counts what kernels move, and buffers with numbers for it. */
final class CountingBench implements AutoCloseable {
  private static final long BYTES = 16 << 20;

  final Counters counters = new Counters();
  final Backend backend = new CudaBackend("sim", SimDevice.observed(BYTES, counters), BYTES);
  private final List<Buffer> buffers = new ArrayList<>();

  private Buffer allocate(long n) {
    Buffer buffer = backend.allocate(n);
    buffers.add(buffer);
    return buffer;
  }

  Buffer ones(long n) {
    Buffer buffer = allocate(n);
    backend.fill(buffer, 1);
    return buffer;
  }

  Buffer ramp(long n) {
    float[] values = new float[(int) n];
    for (int i = 0; i < n; i++) {
      values[i] = i * 7919 % 1009;
    }
    Buffer buffer = allocate(n);
    backend.upload(values, buffer);
    return buffer;
  }

  /** No more than so many sectors are touched for each that is needed. */
  static void within(double allowed, Traffic traffic) {
    assertTrue(traffic.ratio() <= allowed, () -> "sectors: " + traffic.ratio());
  }

  @Override
  public void close() {
    buffers.forEach(backend::release);
    backend.close();
  }
}
