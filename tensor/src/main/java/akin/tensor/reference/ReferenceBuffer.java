package akin.tensor.reference;

import akin.tensor.UserError;
import akin.tensor.backend.Buffer;
import java.util.Arrays;

/** Float64 numbers on the heap. They begin as NaN, so that reading what nothing wrote shows. */
final class ReferenceBuffer implements Buffer {
  /** The longest array that every virtual machine can make. */
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  final ReferenceBackend owner;
  private final int length;
  private double[] values;

  ReferenceBuffer(ReferenceBackend owner, long length) {
    this.owner = owner;
    if (length > LONGEST) {
      throw UserError.of("a tensor is too large for the reference backend")
          .rule("at most " + LONGEST + " elements; " + length + " wanted")
          .mend("use a smaller batch");
    }
    this.length = (int) length;
    values = new double[this.length];
    Arrays.fill(values, Double.NaN);
  }

  @Override
  public long length() {
    return length;
  }

  /** The numbers themselves. */
  double[] values() {
    if (values == null) {
      throw new IllegalStateException("a buffer of " + length + " elements is used after release");
    }
    return values;
  }

  void release() {
    if (values == null) {
      throw new IllegalStateException("a buffer of " + length + " elements is released twice");
    }
    values = null;
  }
}
