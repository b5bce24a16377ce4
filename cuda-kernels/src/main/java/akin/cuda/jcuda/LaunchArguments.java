package akin.cuda.jcuda;

import akin.cuda.device.Args;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * The arguments of a launch as the driver wants them: an array of pointers, one to each value. The
 * driver copies the values before the call returns, so one place serves all launches. Values and
 * pointers lie in host memory of the driver's, whose address is known: the pointers are written
 * once, and JCuda need not look at each of them at every launch.
 */
final class LaunchArguments {
  private static final int MOST = 64;

  private final Address memory = new Address();
  private final ByteBuffer values;
  private final Pointer places;

  /** A context must be current. */
  LaunchArguments() {
    long bytes = 2L * MOST * Long.BYTES;
    Results.driver("cuMemHostAlloc", JCudaDriver.cuMemHostAlloc(memory, bytes, 0));
    values = memory.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    long first = memory.value();
    for (int i = 0; i < MOST; i++) {
      values.putLong((MOST + i) * Long.BYTES, first + (long) i * Long.BYTES);
    }
    places = new Address(first + (long) MOST * Long.BYTES);
  }

  /** The array for one launch, valid until the next. */
  Pointer of(Args args) {
    List<Number> given = args.values();
    if (given.size() > MOST) {
      throw new IllegalArgumentException(
          given.size() + " arguments, and there is room for " + MOST);
    }
    for (int i = 0; i < given.size(); i++) {
      Number value = given.get(i);
      int at = i * Long.BYTES;
      if (value instanceof Long) {
        values.putLong(at, (Long) value);
      } else if (value instanceof Integer) {
        values.putInt(at, (Integer) value);
      } else if (value instanceof Float) {
        values.putFloat(at, (Float) value);
      } else {
        values.putDouble(at, (Double) value);
      }
    }
    return places;
  }

  /** Gives the memory back; a card that is lost may refuse, and nothing follows from it. */
  void close() {
    JCudaDriver.cuMemFreeHost(memory);
  }
}
