package akin.cuda.sim;

import akin.cuda.device.Args;
import akin.cuda.device.DeviceException;
import akin.cuda.device.DeviceException.Kind;
import akin.cuda.sim.ptx.Function;
import akin.cuda.sim.ptx.Type;
import akin.cuda.sim.ptx.Variable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** A launch's arguments laid out as a kernel reads them. */
final class Arguments {
  private Arguments() {}

  /**
   * Each at a multiple of its size.
   *
   * @throws DeviceException REFUSED if they are not what the kernel takes
   */
  static byte[] bytes(Function kernel, Args args) {
    List<Number> values = args.values();
    List<Variable> parameters = kernel.parameters();
    if (values.size() != parameters.size()) {
      throw refused(
          kernel, "takes " + parameters.size() + " arguments, " + values.size() + " are given");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(2 * Long.BYTES * values.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.size(); i++) {
      Variable parameter = parameters.get(i);
      int align = parameter.align();
      bytes.position((bytes.position() + align - 1) / align * align);
      put(bytes, values.get(i), parameter, kernel);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static void put(ByteBuffer bytes, Number value, Variable parameter, Function kernel) {
    Type type = parameter.type();
    if (value instanceof Long && type == Type.U64) {
      bytes.putLong((Long) value);
    } else if (value instanceof Integer && type == Type.U32) {
      bytes.putInt((Integer) value);
    } else if (value instanceof Float && type == Type.F32) {
      bytes.putFloat((Float) value);
    } else if (value instanceof Double && type == Type.F64) {
      bytes.putDouble((Double) value);
    } else {
      throw refused(
          kernel,
          "takes a "
              + type
              + " as "
              + parameter.name()
              + ", not the "
              + value.getClass().getSimpleName()
              + " "
              + value);
    }
  }

  private static DeviceException refused(Function kernel, String what) {
    return new DeviceException(Kind.REFUSED, kernel.name() + " " + what);
  }
}
