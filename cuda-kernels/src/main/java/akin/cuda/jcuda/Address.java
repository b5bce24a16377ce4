package akin.cuda.jcuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer of JCuda's that can be made from a number and told as one. */
final class Address extends CUdeviceptr {
  /** No address yet; a call fills it in. */
  Address() {}

  Address(long address) {
    super(new CUdeviceptr(), address);
  }

  long value() {
    return getNativePointer() + getByteOffset();
  }
}
