package akin.nn.io;

import akin.nn.io.Safetensors.Type;
import akin.tensor.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy array file, versions 1 to 3.
 *
 * <pre>
 * 6 bytes  \x93NUMPY        2 bytes  version
 * 2 bytes  length of the header, little-endian (4 bytes from version 2 on)
 * n bytes  {'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }
 * the rest the elements
 * </pre>
 *
 * <p>Source: {@code numpy/lib/format.py}.
 *
 * @param type how an element is stored
 * @param order the order of its bytes
 * @param columnMajor whether the first axis runs fastest
 * @param shape the sizes
 * @param dataStart where the elements begin
 */
record NpyHeader(Type type, ByteOrder order, boolean columnMajor, int[] shape, int dataStart) {
  /** The first bytes of such a file, as ISO 8859-1. */
  static final String BEGIN = "\u0093NUMPY";

  private static final int LONGEST = 1 << 16;
  private static final int MOST_AXES = 32;

  private static final Map<String, Type> TYPES =
      Map.of(
          "f8", Type.F64, "f4", Type.F32, "f2", Type.F16, "i8", Type.I64, "i4", Type.I32, "i2",
          Type.I16, "i1", Type.I8, "u1", Type.U8, "b1", Type.BOOL);

  private static final String SPACE = "\\s{0,99}";
  private static final Pattern DESCR = field("descr", "'([^']{1,64})'");
  private static final Pattern FORTRAN = field("fortran_order", "(True|False)");
  private static final Pattern SHAPE = field("shape", "\\(([0-9, L]{0,999})\\)");

  private static Pattern field(String name, String value) {
    return Pattern.compile("'" + name + "'" + SPACE + ":" + SPACE + value);
  }

  /**
   * Reads a header.
   *
   * @param name of the array, for messages
   * @param size bytes of header and elements together
   * @throws UserError if it is none, or of elements that are no plain numbers, or the elements are
   *     not exactly as many as the shape says
   */
  static NpyHeader read(Path file, String name, ByteSource source, long size) {
    return new Parser(file, name).parse(source, size);
  }

  /** The number of elements. */
  long count() {
    long count = 1;
    for (int length : shape) {
      count *= length;
    }
    return count;
  }

  /** The array; its elements are read when asked for. */
  StoredArray array(Path file, String name, ByteSource source) {
    Elements elements = new Elements(file, name, type, order, source, dataStart, count());
    if (!columnMajor) {
      return StoredArray.rowMajor(name, elements, shape);
    }
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = 0; i < shape.length; i++) {
      strides[i] = stride;
      stride *= shape[i];
    }
    return new StoredArray(name, "", elements, shape, strides);
  }

  private record Parser(Path file, String name) {
    NpyHeader parse(ByteSource source, long size) {
      require(size >= 10, "a header has at least 10 bytes; found " + size);
      ByteBuffer start = bytes(source, 0, 10);
      String magic = new String(start.array(), 0, 6, StandardCharsets.ISO_8859_1);
      require(magic.equals(BEGIN), "it begins with \\x93NUMPY");
      int version = start.get(6);
      require(version >= 1 && version <= 3, "the versions 1 to 3 are known; found " + version);
      int textStart = version == 1 ? 10 : 12;
      require(size >= textStart, "a header has at least 12 bytes; found " + size);
      long length =
          version == 1
              ? start.getShort(8) & 0xffff
              : Integer.toUnsignedLong(bytes(source, 8, 4).getInt(0));
      require(
          length <= Math.min(LONGEST, size - textStart),
          "the header's text has %d bytes; at most %d are there"
              .formatted(length, Math.min(LONGEST, size - textStart)));
      ByteBuffer text = bytes(source, textStart, (int) length);
      return header(
          new String(text.array(), StandardCharsets.UTF_8), textStart + (int) length, size);
    }

    private NpyHeader header(String text, int dataStart, long size) {
      require(text.startsWith("{") && text.strip().endsWith("}"), "its header is a dictionary");
      String descr = find(DESCR, text, "'descr' is the name of a type, such as '<f4'");
      boolean columnMajor = find(FORTRAN, text, "'fortran_order' is True or False").equals("True");
      int[] shape = shape(find(SHAPE, text, "'shape' is a tuple of whole numbers"));
      Type type = TYPES.get(descr.substring(1));
      if (type == null || "<>|=".indexOf(descr.charAt(0)) < 0) {
        throw refuse("elements are f8, f4, f2, i8, i4, i2, i1, u1 or b1; found '" + descr + "'")
            .mend(
                descr.contains("O")
                    ? "objects are never read: they are pickles; save plain arrays"
                    : "convert them in Python: array.astype('float32')");
      }
      ByteOrder order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      long bytes;
      try {
        long count = 1;
        for (int length : shape) {
          count = Math.multiplyExact(count, length);
        }
        bytes = Math.multiplyExact(count, type.bytes());
      } catch (ArithmeticException e) {
        throw refuse("its size can be counted").because(e);
      }
      require(
          bytes == size - dataStart,
          "its elements take %d bytes; found %d".formatted(bytes, size - dataStart));
      return new NpyHeader(type, order, columnMajor, shape, dataStart);
    }

    private int[] shape(String text) {
      String[] sizes = text.isBlank() ? new String[0] : text.split(",");
      require(sizes.length <= MOST_AXES, "it has at most " + MOST_AXES + " axes");
      int[] shape = new int[sizes.length];
      for (int i = 0; i < shape.length; i++) {
        String digits = sizes[i].strip().replaceFirst("L$", ""); // long numbers of Python 2
        require(digits.matches("[0-9]{1,9}"), "'" + sizes[i] + "' is a size below 10^9");
        shape[i] = Integer.parseInt(digits);
      }
      return shape;
    }

    private String find(Pattern pattern, String text, String rule) {
      Matcher matcher = pattern.matcher(text);
      require(matcher.find(), rule);
      String value = matcher.group(1);
      require(!matcher.find(), rule + ", once");
      return value;
    }

    private static ByteBuffer bytes(ByteSource source, long position, int n) {
      ByteBuffer bytes = ByteBuffer.allocate(n).order(ByteOrder.LITTLE_ENDIAN);
      source.read(bytes, position);
      return bytes;
    }

    private void require(boolean holds, String rule) {
      if (!holds) {
        throw refuse(rule).mend("the file is damaged: copy or make it again");
      }
    }

    private UserError refuse(String rule) {
      return UserError.of("not a NumPy array that can be read as plain numbers")
          .at(file)
          .rule("array '" + name + "': " + rule);
    }
  }
}
