package akin.cuda.jcuda;

import akin.cuda.device.Args;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;

/**
 * The arguments of a launch as the driver wants them: an array of pointers, one to each value. The
 * driver copies the values before the call returns, so one place serves all launches.
 */
final class LaunchArguments {
  private static final int MOST = 64;

  private final ByteBuffer values =
      ByteBuffer.allocateDirect(MOST * Long.BYTES).order(ByteOrder.nativeOrder());
  private final NativePointerObject[] places = new NativePointerObject[MOST];

  LaunchArguments() {
    Pointer first = Pointer.to(values);
    for (int i = 0; i < MOST; i++) {
      places[i] = first.withByteOffset((long) i * Long.BYTES);
    }
  }

  /** The array for one launch, valid until the next. */
  Pointer of(Args args) {
    List<Number> given = args.values();
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
    return Pointer.to(Arrays.copyOf(places, given.size()));
  }
}
