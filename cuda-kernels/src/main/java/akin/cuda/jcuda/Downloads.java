package akin.cuda.jcuda;

import akin.cuda.device.Device.HostSide;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Copies from the card through two pinned pieces: the card fills one while the host empties the
 * other.
 */
final class Downloads {
  private static final int PIECES = 2;

  private final CUstream stream;
  private final PinnedPieces pieces;

  Downloads(CUstream stream) {
    this.stream = stream;
    pieces = new PinnedPieces(PIECES, stream);
  }

  /** Copies, as {@link akin.cuda.device.Device#download} tells. */
  void copy(long from, long bytes, HostSide take) {
    long parts = (bytes + PinnedPieces.BYTES - 1) / PinnedPieces.BYTES;
    for (long queued = 0, part = 0; part < parts; part++) {
      for (; queued < Math.min(part + PIECES, parts); queued++) {
        queue(from, bytes, queued);
      }
      int piece = (int) (part % PIECES);
      pieces.await(piece);
      take.at(part * PinnedPieces.BYTES, pieces.part(piece, 0, length(bytes, part)));
    }
  }

  private void queue(long from, long bytes, long part) {
    int piece = (int) (part % PIECES);
    Results.driver(
        "cuMemcpyDtoHAsync",
        JCudaDriver.cuMemcpyDtoHAsync(
            pieces.pointer(piece, 0),
            new Address(from + part * PinnedPieces.BYTES),
            length(bytes, part),
            stream));
    pieces.mark(piece);
  }

  private static int length(long bytes, long part) {
    return (int) Math.min(bytes - part * PinnedPieces.BYTES, PinnedPieces.BYTES);
  }

  void close() {
    pieces.close();
  }
}
