package akin.tensor.cpu;

import akin.tensor.UserError;
import akin.tensor.backend.Buffer;
import akin.tensor.backend.MemoryReport;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Buffers given back wait here, by exact length: every step of a training asks for the same lengths
 * again. Where lengths vary (batches of pictures of many sizes) the waiting buffers would pile up,
 * so their bytes are capped; what is beyond the cap goes to the garbage collector.
 */
final class Pool {
  /**
   * Most elements of a tensor: so far below 2³¹ that no count rounds up to more when kernels cut it
   * into chunks, panels or vectors.
   */
  static final int LONGEST = Integer.MAX_VALUE - (1 << 20);

  private final Map<Integer, ArrayDeque<CpuBuffer>> waiting = new HashMap<>();
  private final long cap;
  private long liveBuffers;
  private long liveBytes;
  private long pooledBytes;
  private long allocated;

  /**
   * @param cap the most bytes that may wait
   */
  Pool(long cap) {
    this.cap = cap;
  }

  CpuBuffer allocate(long length) {
    if (length < 0 || length > LONGEST) {
      throw UserError.of("a tensor is too large for the cpu backend")
          .rule("at most " + LONGEST + " elements; " + length + " wanted")
          .mend("use a smaller batch");
    }
    ArrayDeque<CpuBuffer> same = waiting.get((int) length);
    CpuBuffer buffer = same == null ? null : same.pollLast();
    if (buffer == null) {
      buffer = new CpuBuffer((int) length);
      allocated++;
    } else {
      buffer.live = true;
      pooledBytes -= bytes(buffer);
    }
    liveBuffers++;
    liveBytes += bytes(buffer);
    return buffer;
  }

  void release(Buffer given) {
    CpuBuffer buffer = own(given);
    buffer.live = false;
    liveBuffers--;
    liveBytes -= bytes(buffer);
    if (pooledBytes + bytes(buffer) <= cap) {
      pooledBytes += bytes(buffer);
      waiting.computeIfAbsent(buffer.data.length, n -> new ArrayDeque<>()).addLast(buffer);
    }
  }

  MemoryReport report() {
    return new MemoryReport(liveBuffers, liveBytes, pooledBytes, allocated);
  }

  void clear() {
    waiting.clear();
    pooledBytes = 0;
  }

  /** The buffer behind the interface, if it is this backend's and in use. */
  static CpuBuffer own(Buffer buffer) {
    if (!(buffer instanceof CpuBuffer)) {
      throw new IllegalArgumentException("not a buffer of the cpu backend: " + buffer);
    }
    CpuBuffer own = (CpuBuffer) buffer;
    if (!own.live) {
      throw new IllegalStateException(
          "this buffer of " + own.data.length + " elements was released already");
    }
    return own;
  }

  private static long bytes(CpuBuffer buffer) {
    return 4L * buffer.data.length;
  }
}
