package akin.cuda;

import akin.tensor.backend.Buffer;

/** Float32 numbers on the device. */
final class CudaBuffer implements Buffer {
  final DevicePool pool;
  final long address;
  final long length;
  boolean live = true;

  CudaBuffer(DevicePool pool, long address, long length) {
    this.pool = pool;
    this.address = address;
    this.length = length;
  }

  @Override
  public long length() {
    return length;
  }

  long bytes() {
    return Float.BYTES * length;
  }

  /** The buffer behind the interface, if it is this pool's and in use. */
  static CudaBuffer own(Buffer buffer, DevicePool pool) {
    if (!(buffer instanceof CudaBuffer) || ((CudaBuffer) buffer).pool != pool) {
      throw new IllegalArgumentException("not a buffer of this cuda backend: " + buffer);
    }
    CudaBuffer own = (CudaBuffer) buffer;
    if (!own.live) {
      throw new IllegalStateException(
          "this buffer of " + own.length + " elements was released already");
    }
    return own;
  }
}
