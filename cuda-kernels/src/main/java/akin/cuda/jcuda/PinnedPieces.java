package akin.cuda.jcuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Pieces of pinned host memory, which the card copies from and to while the host goes on; each with
 * an event, which tells that all copies of it queued so far are done.
 */
final class PinnedPieces {
  /** Of one piece; a multiple of every number's size. */
  static final int BYTES = 2 << 20;

  private final CUstream stream;
  private final Pointer memory = new Pointer();
  private final ByteBuffer whole;
  private final CUevent[] copied;

  PinnedPieces(int count, CUstream stream) {
    this.stream = stream;
    long bytes = (long) count * BYTES;
    Results.driver("cuMemHostAlloc", JCudaDriver.cuMemHostAlloc(memory, bytes, 0));
    whole = memory.getByteBuffer(0, bytes);
    copied = new CUevent[count];
    for (int i = 0; i < count; i++) {
      copied[i] = new CUevent();
      Results.driver(
          "cuEventCreate",
          JCudaDriver.cuEventCreate(copied[i], CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }
  }

  int count() {
    return copied.length;
  }

  /** A part of a piece, as Java sees it. */
  ByteBuffer part(int piece, int offset, int bytes) {
    return whole.slice(piece * BYTES + offset, bytes).order(ByteOrder.nativeOrder());
  }

  /** The same place, as the driver sees it. */
  Pointer pointer(int piece, int offset) {
    return memory.withByteOffset((long) piece * BYTES + offset);
  }

  /** Marks the piece behind all that is queued so far. */
  void mark(int piece) {
    Results.driver("cuEventRecord", JCudaDriver.cuEventRecord(copied[piece], stream));
  }

  /** Waits for the piece's mark; of one without, not at all. */
  void await(int piece) {
    Results.driver("cuEventSynchronize", JCudaDriver.cuEventSynchronize(copied[piece]));
  }

  /** Gives the memory back; a card that is lost may refuse, and nothing follows from it. */
  void close() {
    for (CUevent event : copied) {
      JCudaDriver.cuEventDestroy(event);
    }
    JCudaDriver.cuMemFreeHost(memory);
  }
}
