package akin.tensor;

import akin.tensor.backend.Backend;
import akin.tensor.backend.Buffer;

/**
 * A buffer shared by tensors, tape entries and gradients; back to the pool when nobody holds it.
 */
final class Storage {
  private final Backend backend;
  private final Buffer buffer;
  private int holders = 1;
  private long writes;

  private Storage(Backend backend, Buffer buffer) {
    this.backend = backend;
    this.buffer = buffer;
  }

  /** A new buffer with one holder: the caller. */
  static Storage allocate(Backend backend, long length) {
    return new Storage(backend, backend.allocate(length));
  }

  Buffer buffer() {
    return buffer;
  }

  Backend backend() {
    return backend;
  }

  /** Whether the caller, being a holder, is the only one and may write. */
  boolean exclusive() {
    return holders == 1;
  }

  /** Notes that the values were overwritten in place. */
  void written() {
    writes++;
  }

  /** How often that was so; a plan that has worked with the values is out of date if it moves. */
  long writes() {
    return writes;
  }

  Storage retain() {
    holders++;
    return this;
  }

  void release() {
    if (--holders == 0) {
      backend.release(buffer);
    }
  }
}
