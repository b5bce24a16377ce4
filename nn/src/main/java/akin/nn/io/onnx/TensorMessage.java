package akin.nn.io.onnx;

import akin.nn.io.ByteSource;
import akin.nn.io.Elements;
import akin.nn.io.Safetensors.Type;
import akin.nn.io.StoredArray;
import akin.tensor.UserError;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * One initialiser (TensorProto): its name, type and shape, and where its elements lie. Fields that
 * hold fixed-size elements are not read, only found; whole numbers of variable size are small
 * (shapes, axes) and are read at once.
 */
final class TensorMessage {
  private static final int LONGEST_NAME = 1024;
  private static final int MOST_AXES = 32;

  private static final Map<Integer, Type> TYPES =
      Map.of(
          1, Type.F32, 2, Type.U8, 3, Type.I8, 5, Type.I16, 6, Type.I32, 7, Type.I64, 9, Type.BOOL,
          10, Type.F16, 11, Type.F64, 16, Type.BF16);

  private final Path file;
  private final ByteSource source;
  private String name = "";
  private int type;
  private final long[] sizes = new long[MOST_AXES];
  private int axes;
  private boolean external;
  private int elementBytes; // of the field that holds the elements; 0 for raw bytes
  private long begin = -1;
  private long length;
  private long[] numbers;
  private int count;

  TensorMessage(Path file, ByteSource source) {
    this.file = file;
    this.source = source;
  }

  String name() {
    return name;
  }

  /** Reads the fields up to the limit that the caller has set. */
  void read(CodedInputStream in) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = WireFormat.getTagFieldNumber(tag);
      boolean bytes = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      switch (field) {
        case 1 -> readSizes(in, bytes);
        case 2 -> type = in.readInt32();
        case 3 -> throw refuse("it lies in the file in one piece, not in segments");
        case 4 -> find(in, bytes, 4);
        case 5, 7 -> readNumbers(in, bytes);
        case 8 -> name = OnnxModel.text(in, file, LONGEST_NAME);
        case 9 -> find(in, bytes, 0);
        case 10 -> find(in, bytes, 8);
        case 13 -> {
          external = true;
          OnnxModel.skip(in, tag, file);
        }
        case 14 -> external |= in.readInt32() != 0;
        default -> OnnxModel.skip(in, tag, file);
      }
    }
  }

  private void readSizes(CodedInputStream in, boolean packed) throws IOException {
    int outer = packed ? in.pushLimit(in.readRawVarint32()) : 0;
    do {
      if (packed && in.isAtEnd()) {
        break;
      }
      long size = in.readInt64();
      if (axes == MOST_AXES || size < 0 || size > Integer.MAX_VALUE) {
        throw refuse("it has at most " + MOST_AXES + " axes, none longer than an int");
      }
      sizes[axes++] = size;
    } while (packed);
    if (packed) {
      in.popLimit(outer);
    }
  }

  /** Notes where elements lie and passes over them. */
  private void find(CodedInputStream in, boolean packed, int bytesEach) throws IOException {
    if (!packed || begin >= 0 || numbers != null) {
      throw refuse("its elements lie together in one field");
    }
    length = in.readRawVarint32();
    if (length < 0) {
      throw refuse("its elements have a length");
    }
    begin = in.getTotalBytesRead();
    elementBytes = bytesEach;
    in.skipRawBytes((int) length);
  }

  private void readNumbers(CodedInputStream in, boolean packed) throws IOException {
    if (!packed || begin >= 0 || numbers != null) {
      throw refuse("its elements lie together in one field");
    }
    numbers = new long[16];
    int outer = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = in.readInt64();
    }
    in.popLimit(outer);
  }

  /** The array; checked against the bytes that there are. */
  StoredArray array() {
    Type known = TYPES.get(type);
    if (external) {
      throw refuse("its elements lie in another file; they are read from one file only")
          .mend("save the model with its data inside: onnx.save(model, FILE)");
    }
    if (known == null) {
      throw refuse("its type is one of " + TYPES.values() + "; found number " + type + " of ONNX");
    }
    int[] shape = new int[axes];
    long elements = 1;
    try {
      for (int i = 0; i < axes; i++) {
        shape[i] = (int) sizes[i];
        elements = Math.multiplyExact(elements, sizes[i]);
      }
      Math.multiplyExact(elements, Long.BYTES);
    } catch (ArithmeticException e) {
      throw refuse("its size can be counted").because(e);
    }
    ByteSource place = source;
    if (numbers != null) {
      place = ByteSource.of(encoded(known));
      begin = 0;
      length = (long) count * known.bytes();
    } else if (elementBytes != 0 && elementBytes != known.bytes()) {
      throw refuse("its type " + known + " does not belong to the field of its elements");
    }
    if (length != elements * known.bytes()) {
      throw refuse(
          "%s of shape %s takes %d bytes; found %d"
              .formatted(known, Arrays.toString(shape), elements * known.bytes(), length));
    }
    return StoredArray.rowMajor(
        name,
        new Elements(file, name, known, ByteOrder.LITTLE_ENDIAN, place, begin, elements),
        shape);
  }

  /** Numbers of variable size as elements of their type; halves are kept as their bits. */
  private byte[] encoded(Type known) {
    if (known == Type.F32 || known == Type.F64) {
      throw refuse("its type " + known + " does not belong to the field of its elements");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, known.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (known.bytes()) {
        case 1 -> bytes.put((byte) numbers[i]);
        case 2 -> bytes.putShort((short) numbers[i]);
        case 4 -> bytes.putInt((int) numbers[i]);
        default -> bytes.putLong(numbers[i]);
      }
    }
    return bytes.array();
  }

  private UserError refuse(String rule) {
    return OnnxModel.refuse(
        file, "initialiser '" + name.replaceAll("\\p{Cntrl}", "?") + "': " + rule);
  }
}
