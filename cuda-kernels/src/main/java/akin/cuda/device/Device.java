package akin.cuda.device;

import akin.cuda.kernel.KernelFile;
import java.nio.ByteBuffer;

/**
 * A card: memory, one stream, kernels. Addresses are the card's own, 64 bits wide, 0 for none;
 * sizes are in bytes. Work is done in order as on one stream, asynchronously until {@link
 * #download}, {@link #synchronize} or {@link #seconds}. One thread at a time uses a device.
 *
 * <p>What the device refuses is a {@link DeviceException}.
 */
public interface Device extends AutoCloseable {
  /** What the card is; asked once. */
  DeviceInfo info();

  // ---- memory ----

  /**
   * Memory with undefined content, aligned to 256 bytes; slow, so a pool stands before it.
   *
   * @param bytes at least 1
   * @throws DeviceException OUT_OF_MEMORY if the card has not so much
   */
  long allocate(long bytes);

  /** Gives memory back, once all work queued so far is done with it. */
  void free(long address);

  /**
   * A pool lends the first bytes of a piece of memory; what they hold is undefined again. For
   * devices that look for mistakes.
   */
  default void lent(long address, long bytes) {}

  /** What was lent at an address came back to the pool: work queued from now on leaves it alone. */
  default void givenBack(long address) {}

  /** How many bytes the card could still give. */
  long freeBytes();

  /**
   * Copies to the card.
   *
   * @param fill writes the host memory that it is given in turn; what it writes is copied after
   */
  void upload(long to, long bytes, HostSide fill);

  /**
   * Copies from the card, and waits until all is there.
   *
   * @param take reads the host memory that it is given in turn
   */
  void download(long from, long bytes, HostSide take);

  /** Copies on the card; the two places do not overlap. */
  void copy(long from, long to, long bytes);

  /** Copies rows of {@code width} bytes that begin {@code fromPitch} and {@code toPitch} apart. */
  void copy2d(long from, long fromPitch, long to, long toPitch, long width, long rows);

  /** Sets {@code count} words of 32 bits. */
  void fill32(long address, int bits, long count);

  // ---- kernels ----

  /** A kernel made ready; the first of its file loads (and may compile) the file. */
  Kernel kernel(KernelFile file, String name);

  /** Queues one launch. */
  void launch(Kernel kernel, Grid grid, Args args);

  /** Waits until all work is done. */
  void synchronize();

  /** A place in the stream, to measure time between two of them. */
  Mark mark();

  /** Waits for {@code to}; the seconds that the card took from one mark to the other. */
  double seconds(Mark from, Mark to);

  // ---- libraries ----

  /** Matrix products on this device's stream. */
  Blas blas();

  /**
   * Layers on this device's stream.
   *
   * @param workspace where its temporary memory comes from
   */
  Dnn dnn(Workspace workspace);

  /**
   * Whether it has refused something since it was opened; then work ended early, and nobody could
   * give back what was in use.
   */
  default boolean failed() {
    return false;
  }

  /** Gives all back that is left. */
  @Override
  void close();

  /** What the host does with a part of a copy. */
  interface HostSide {
    /**
     * @param done bytes of the copy before this part, a multiple of 8
     * @param host as long as the part, in native order, and valid for this call
     */
    void at(long done, ByteBuffer host);
  }

  /** A kernel that can be launched. */
  interface Kernel {
    /** Its name in the source. */
    String name();
  }

  /** A place in the stream. */
  interface Mark {}

  /** Temporary memory of a library, in the order of the stream. */
  interface Workspace {
    /** The most bytes that one call may take. */
    long cap();

    /** Memory of at least so many bytes; 0 for none. */
    long take(long bytes);

    /** Gives memory back that was taken; work queued so far may still use it. */
    void give(long address);
  }
}
