package akin.cuda;

import akin.cuda.Distances.Rows;
import akin.tensor.backend.Distance;
import akin.tensor.backend.Vectors;
import java.util.function.Consumer;

/**
 * A gallery on the device: all of it for good where three quarters of the memory that may still be
 * taken hold it, or else piece by piece, each time anew. A piece's rows are copied after the
 * kernels of the piece before, since one stream orders both, so one buffer does; the host reads the
 * next rows meanwhile.
 */
final class GalleryRows implements AutoCloseable {
  /** Numbers that are read from the gallery at a time. */
  private static final int READ = 1 << 18;

  private final Launcher launcher;
  private final Distances distances;
  private final Vectors gallery;
  private final Distance f;
  private final int pieceRows;
  private DevicePool.Scratch resident; // null if it does not stay

  GalleryRows(Launcher launcher, Distances distances, Vectors gallery, Distance f) {
    this.launcher = launcher;
    this.distances = distances;
    this.gallery = gallery;
    this.f = f;
    long room = launcher.pool.room();
    if (bytes(count()) <= room / 4 * 3) {
      pieceRows = Math.max(1, count());
      resident = launcher.pool.kept(bytes(count()));
      try {
        fill(resident.address(), 0, count());
      } catch (RuntimeException e) { // such as a file that cannot be read
        close();
        throw e;
      }
    } else {
      long rows = room / 4 / bytes(1) / Distances.WARP * Distances.WARP;
      pieceRows = (int) Math.max(Distances.WARP, Math.min(rows, count()));
    }
  }

  Distance distance() {
    return f;
  }

  int count() {
    return gallery.count();
  }

  int width() {
    return gallery.width();
  }

  /** Rows of the largest piece, a multiple of 32 if there are several. */
  int pieceRows() {
    return pieceRows;
  }

  int pieces() {
    return count() == 0 ? 0 : Distances.parts(count(), pieceRows);
  }

  /**
   * Rows that follow each other.
   *
   * @param number of the piece, from 0
   * @param first number of its first row
   */
  record Piece(int number, int first, Rows rows) {}

  /** Hands the pieces out in order; each is valid for the kernels queued in {@code use}. */
  void each(Consumer<Piece> use) {
    try (DevicePool.Scratch borrowed =
        launcher.pool.scratch(resident == null ? bytes(pieceRows) : 0)) {
      long address = resident == null ? borrowed.address() : resident.address();
      for (int number = 0; number < pieces(); number++) {
        int first = number * pieceRows;
        int rows = Math.min(pieceRows, count() - first);
        if (resident == null) {
          fill(address, first, rows);
        }
        use.accept(new Piece(number, first, new Rows(address, scales(address, rows), rows)));
      }
    }
  }

  /** Bytes of so many rows and their scales. */
  private long bytes(int rows) {
    return (long) Float.BYTES * rows * (width() + (f == Distance.COSINE ? 1 : 0));
  }

  private long scales(long address, int rows) {
    return address + (long) Float.BYTES * rows * width();
  }

  private void fill(long address, int first, int rows) {
    int some = Math.max(1, READ / Math.max(1, width()));
    float[] values = new float[Math.min(some, rows) * width()];
    for (int done = 0; done < rows; done += some) {
      int now = Math.min(some, rows - done);
      gallery.read(first + done, now, values, 0);
      long to = address + (long) Float.BYTES * done * width();
      launcher.upload(values, 0, now * width(), to);
    }
    if (f == Distance.COSINE) {
      distances.scale(address, scales(address, rows), rows, width());
    }
  }

  @Override
  public void close() {
    if (resident != null) {
      resident.close();
    }
  }
}
