package akin.nn.io;

import akin.nn.io.Safetensors.Type;
import akin.tensor.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Numbers that lie one after the other in a file, and the arrays they become when asked for. They
 * are read through a small buffer, so that reading takes the memory of the result and little more.
 *
 * @param file the file, for messages
 * @param name what they are called there
 * @param type how each is stored
 * @param order the order of an element's bytes
 * @param source the file's bytes
 * @param begin where the first element begins in {@code source}
 * @param count the number of elements
 */
public record Elements(
    Path file, String name, Type type, ByteOrder order, ByteSource source, long begin, long count) {

  private static final int BUFFER = 1 << 20;
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  /** All elements: exact, but for I64 beyond 2⁵³, which round to nearest. */
  public double[] doubles() {
    double[] values = new double[length()];
    read((bytes, from, n) -> decodeDoubles(bytes, values, from, n));
    return values;
  }

  /** All elements, rounded to the nearest float: exact for F32, F16 and BF16. */
  public float[] floats() {
    float[] values = new float[length()];
    read((bytes, from, n) -> decodeFloats(bytes, values, from, n));
    return values;
  }

  /**
   * All elements; U8 as 0 to 255, BOOL as 0 or 1.
   *
   * @throws UserError if the elements are floating-point numbers
   */
  public long[] longs() {
    if (type.isFloating()) {
      throw wrongType("whole numbers");
    }
    long[] values = new long[length()];
    read((bytes, from, n) -> decodeLongs(bytes, values, from, n));
    return values;
  }

  /**
   * All elements as stored.
   *
   * @throws UserError if the elements are longer than a byte
   */
  public byte[] bytes() {
    if (type.bytes() != 1) {
      throw wrongType("bytes");
    }
    byte[] values = new byte[length()];
    read((bytes, from, n) -> bytes.get(values, from, n));
    return values;
  }

  /** Bytes of memory that an element takes once read: F64 and whole numbers 8, all else 4. */
  public int valueBytes() {
    return type == Type.F64 || !type.isFloating() ? Long.BYTES : Float.BYTES;
  }

  private void decodeDoubles(ByteBuffer bytes, double[] values, int from, int n) {
    if (type == Type.F64) {
      bytes.asDoubleBuffer().get(values, from, n);
      return;
    }
    for (int i = from; i < from + n; i++) {
      values[i] = type.isFloating() ? nextFloat(bytes) : nextLong(bytes);
    }
  }

  private void decodeFloats(ByteBuffer bytes, float[] values, int from, int n) {
    if (type == Type.F32) {
      bytes.asFloatBuffer().get(values, from, n);
      return;
    }
    for (int i = from; i < from + n; i++) {
      values[i] =
          type == Type.F64
              ? (float) bytes.getDouble()
              : type.isFloating() ? nextFloat(bytes) : nextLong(bytes);
    }
  }

  private void decodeLongs(ByteBuffer bytes, long[] values, int from, int n) {
    for (int i = from; i < from + n; i++) {
      values[i] = nextLong(bytes);
    }
  }

  private float nextFloat(ByteBuffer bytes) {
    return switch (type) {
      case F32 -> bytes.getFloat();
      case F16 -> halfToFloat(bytes.getShort());
      case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
      default -> throw new AssertionError(type);
    };
  }

  private long nextLong(ByteBuffer bytes) {
    return switch (type) {
      case I64 -> bytes.getLong();
      case I32 -> bytes.getInt();
      case I16 -> bytes.getShort();
      case I8 -> bytes.get();
      case U8 -> bytes.get() & 0xff;
      case BOOL -> bytes.get() == 0 ? 0 : 1;
      default -> throw new AssertionError(type);
    };
  }

  private int length() {
    if (count > LONGEST) {
      throw UserError.of("tensor '" + name + "' does not fit a Java array")
          .at(file)
          .rule("at most " + LONGEST + " elements; it has " + count)
          .mend("store it in several parts");
    }
    return (int) count;
  }

  /** Hands all bytes to {@code decode} in buffers of whole elements. */
  private void read(Decoder decode) {
    int total = length();
    int perBuffer = BUFFER / type.bytes();
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(total, perBuffer) * type.bytes()).order(order);
    for (int from = 0, n; from < total; from += n) {
      n = Math.min(perBuffer, total - from);
      buffer.clear().limit(n * type.bytes());
      source.read(buffer, begin + (long) from * type.bytes());
      decode.decode(buffer.flip(), from, n);
    }
  }

  private UserError wrongType(String wanted) {
    return UserError.of("tensor '" + name + "' has elements of another kind")
        .at(file)
        .rule(wanted + " are needed; the file stores " + type);
  }

  /** The value of an IEEE binary16, which every float can hold. */
  static float halfToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int biased = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | biased << 23 | fraction << 13);
  }

  @FunctionalInterface
  private interface Decoder {
    void decode(ByteBuffer bytes, int from, int n);
  }
}
