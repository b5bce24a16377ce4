package akin.cuda.jcuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Pinned host memory in a few pieces that take turns. The card copies from pinned memory while the
 * host goes on; an event behind each copy tells when its piece may be written again.
 */
final class StagingRing {
  private static final int PIECES = 4;
  private static final int PIECE_BYTES = 2 << 20;

  private final CUstream stream;
  private final Pointer memory = new Pointer();
  private final ByteBuffer[] pieces = new ByteBuffer[PIECES];
  private final CUevent[] copied = new CUevent[PIECES];
  private final boolean[] underWay = new boolean[PIECES];
  private int last;

  StagingRing(CUstream stream) {
    this.stream = stream;
    long bytes = (long) PIECES * PIECE_BYTES;
    Results.driver("cuMemHostAlloc", JCudaDriver.cuMemHostAlloc(memory, bytes, 0));
    ByteBuffer whole = memory.getByteBuffer(0, bytes);
    for (int i = 0; i < PIECES; i++) {
      pieces[i] = whole.slice(i * PIECE_BYTES, PIECE_BYTES).order(ByteOrder.nativeOrder());
      copied[i] = new CUevent();
      Results.driver(
          "cuEventCreate",
          JCudaDriver.cuEventCreate(copied[i], CUevent_flags.CU_EVENT_DISABLE_TIMING));
    }
  }

  /** The next piece, cleared; waits until its last copy is done. */
  ByteBuffer next() {
    last = (last + 1) % PIECES;
    if (underWay[last]) {
      Results.driver("cuEventSynchronize", JCudaDriver.cuEventSynchronize(copied[last]));
      underWay[last] = false;
    }
    return pieces[last].clear();
  }

  /** Queues the copy of a piece, from its position to its limit, to the card. */
  void upload(ByteBuffer piece, long to) {
    int i = index(piece);
    Results.driver(
        "cuMemcpyHtoDAsync",
        JCudaDriver.cuMemcpyHtoDAsync(
            new Address(to), pointer(i, piece), piece.remaining(), stream));
    Results.driver("cuEventRecord", JCudaDriver.cuEventRecord(copied[i], stream));
    underWay[i] = true;
  }

  /** Fills a piece from its position to its limit, and waits. */
  void download(long from, ByteBuffer piece) {
    int i = index(piece);
    Results.driver(
        "cuMemcpyDtoHAsync",
        JCudaDriver.cuMemcpyDtoHAsync(
            pointer(i, piece), new Address(from), piece.remaining(), stream));
    Results.driver("cuStreamSynchronize", JCudaDriver.cuStreamSynchronize(stream));
  }

  private Pointer pointer(int i, ByteBuffer piece) {
    return memory.withByteOffset((long) i * PIECE_BYTES + piece.position());
  }

  private int index(ByteBuffer piece) {
    for (int i = 0; i < PIECES; i++) {
      if (pieces[i] == piece) {
        return i;
      }
    }
    throw new IllegalArgumentException("not a stage of this device: " + piece);
  }

  /** Gives the memory back; a card that is lost may refuse, and nothing follows from it. */
  void close() {
    for (CUevent event : copied) {
      JCudaDriver.cuEventDestroy(event);
    }
    JCudaDriver.cuMemFreeHost(memory);
  }
}
