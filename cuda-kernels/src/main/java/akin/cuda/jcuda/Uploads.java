package akin.cuda.jcuda;

import akin.cuda.device.Device.HostSide;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Copies to the card through a ring of pinned pieces. Small copies stand one after the other in a
 * piece, so the host waits for the card only where a whole ring of bytes is under way, however many
 * copies they are.
 */
final class Uploads {
  private static final int PIECES = 4;

  /** Copies begin at multiples of it: a line of the host's cache. */
  private static final int ALIGNMENT = 64;

  private final CUstream stream;
  private final PinnedPieces pieces;
  private int piece;
  private int used; // bytes of the piece

  Uploads(CUstream stream) {
    this.stream = stream;
    pieces = new PinnedPieces(PIECES, stream);
  }

  /** Queues the copy, as {@link akin.cuda.device.Device#upload} tells. */
  void copy(long to, long bytes, HostSide fill) {
    int some;
    for (long done = 0; done < bytes; done += some) {
      some = (int) Math.min(bytes - done, PinnedPieces.BYTES);
      makeRoom(some);
      fill.at(done, pieces.part(piece, used, some));
      Results.driver(
          "cuMemcpyHtoDAsync",
          JCudaDriver.cuMemcpyHtoDAsync(
              new Address(to + done), pieces.pointer(piece, used), some, stream));
      used += (some + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
  }

  /** Goes on to the next piece where this one has not so much left. */
  private void makeRoom(int bytes) {
    if (used + bytes > PinnedPieces.BYTES) {
      pieces.mark(piece);
      piece = (piece + 1) % pieces.count();
      used = 0;
      pieces.await(piece);
    }
  }

  void close() {
    pieces.close();
  }
}
