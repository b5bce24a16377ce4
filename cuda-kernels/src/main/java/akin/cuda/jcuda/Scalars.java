package akin.cuda.jcuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;

/**
 * Factors that NVIDIA's libraries read where they lie on the host. Not in Java arrays: the garbage
 * collector would have to wait for every call that was given one, and a call waits for the card
 * when too much is queued.
 */
final class Scalars {
  static final Pointer ONE = scalar(1);
  static final Pointer ZERO = scalar(0);

  private Scalars() {}

  private static Pointer scalar(float value) {
    ByteBuffer place = ByteBuffer.allocateDirect(Float.BYTES).order(ByteOrder.nativeOrder());
    return Pointer.to(place.putFloat(0, value));
  }
}
