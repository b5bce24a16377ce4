package akin.tensor.cpu;

import akin.tensor.backend.Buffer;

/** A float array, and whether it is in use. */
final class CpuBuffer implements Buffer {
  final float[] data;
  boolean live = true;

  CpuBuffer(int length) {
    data = new float[length];
  }

  @Override
  public long length() {
    return data.length;
  }
}
