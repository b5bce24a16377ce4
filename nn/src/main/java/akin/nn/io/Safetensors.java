package akin.nn.io;

import akin.tensor.UserError;
import akin.tensor.backend.Vectors;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A safetensors file: named arrays behind a JSON header, readable by any tool that knows the format
 * and harmless to open (nothing in it is executed).
 *
 * <pre>
 * 8 bytes   n, little-endian
 * n bytes   {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …,
 *            "__metadata__": {"key": "text", …}}, padded with blanks
 * the rest  the arrays, little-endian, row-major, without gaps
 * </pre>
 *
 * <p>{@link #open} checks the whole header against the size of the file and refuses what is not
 * exactly that: broken JSON, a name twice, a shape that does not fit its bytes, arrays that overlap
 * or leave gaps, bytes missing at the end or left over. The arrays are read when asked for, from
 * the file that was opened, even if another has been renamed into its place since.
 *
 * <p>Source: the format's description at github.com/huggingface/safetensors.
 */
public final class Safetensors implements AutoCloseable {

  /** How an element is stored. */
  public enum Type {
    /** IEEE binary64. */
    F64(8),
    /** IEEE binary32. */
    F32(4),
    /** IEEE binary16. */
    F16(2),
    /** The upper half of an IEEE binary32. */
    BF16(2),
    /** Signed, 64 bits. */
    I64(8),
    /** Signed, 32 bits. */
    I32(4),
    /** Signed, 16 bits. */
    I16(2),
    /** Signed, 8 bits. */
    I8(1),
    /** Unsigned, 8 bits. */
    U8(1),
    /** One byte; 0 is false. */
    BOOL(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes per element. */
    public int bytes() {
      return bytes;
    }

    /** Whether the elements are floating-point numbers. */
    public boolean isFloating() {
      return this == F64 || this == F32 || this == F16 || this == BF16;
    }
  }

  /** One array of an open file. */
  public static final class Entry {
    private final int[] shape;
    private final Elements elements;
    private final FileChannel channel;

    private Entry(SafetensorsHeader.Item item, Path file, FileChannel channel, long data) {
      this.channel = channel;
      ByteSource source = ByteSource.of(channel, file);
      shape = item.shape();
      elements =
          new Elements(
              file,
              item.name(),
              item.type(),
              ByteOrder.LITTLE_ENDIAN,
              source,
              data + item.begin(),
              (item.end() - item.begin()) / item.type().bytes());
    }

    /** Its name in the header. */
    public String name() {
      return elements.name();
    }

    /** How its elements are stored. */
    public Type type() {
      return elements.type();
    }

    /** Its shape; of length 0 for a scalar. */
    public int[] shape() {
      return shape.clone();
    }

    /** The number of elements: the product of the shape, 1 for a scalar. */
    public long count() {
      return elements.count();
    }

    /** All elements, row-major: exact, but for I64 beyond 2⁵³, which round to nearest. */
    public double[] doubles() {
      return elements.doubles();
    }

    /**
     * The rows of an F32 matrix, mapped from the file: nothing is read before it is asked for, and
     * the matrix may be larger than the heap. They can be read after the file has been closed.
     *
     * @throws UserError if it is no F32 matrix, or the file cannot be mapped
     */
    public Vectors vectors() {
      if (type() != Type.F32 || shape.length != 2) {
        throw UserError.of("tensor '" + name() + "' is no matrix of 32-bit floating-point numbers")
            .at(elements.file())
            .rule("F32 [N, D]; it is " + type() + " " + Arrays.toString(shape));
      }
      try {
        return new MappedVectors(channel, elements.begin(), shape[0], shape[1]);
      } catch (IOException e) {
        throw unreadable(elements.file(), e);
      }
    }

    /** All elements, row-major, rounded to the nearest float: exact for F32, F16 and BF16. */
    public float[] floats() {
      return elements.floats();
    }

    /**
     * All elements, row-major; U8 as 0 to 255, BOOL as 0 or 1.
     *
     * @throws UserError if the elements are floating-point numbers
     */
    public long[] longs() {
      return elements.longs();
    }

    /**
     * All elements, row-major, as stored.
     *
     * @throws UserError if the elements are longer than a byte
     */
    public byte[] bytes() {
      return elements.bytes();
    }

    Elements elements() {
      return elements;
    }
  }

  /** An array to be written: elements in row-major order and their shape. */
  public static final class Array {
    private final Type type;
    private final int[] shape;
    private final long count;
    private final Encoder encoder;

    private Array(Type type, long count, int[] shape, Encoder encoder) {
      long needed = 1;
      for (int size : shape) {
        needed = size < 0 ? -1 : Math.multiplyExact(needed, size);
      }
      if (needed != count) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(shape) + " does not hold " + count + " elements");
      }
      this.type = type;
      this.shape = shape.clone();
      this.count = count;
      this.encoder = encoder;
    }

    /**
     * An F64 array; no sizes at all mean a scalar. The values are read when the file is written.
     */
    public static Array of(double[] values, int... shape) {
      return new Array(
          Type.F64,
          values.length,
          shape,
          (b, from, n) -> b.asDoubleBuffer().put(values, (int) from, n));
    }

    /** An F32 array. */
    public static Array of(float[] values, int... shape) {
      return new Array(
          Type.F32,
          values.length,
          shape,
          (b, from, n) -> b.asFloatBuffer().put(values, (int) from, n));
    }

    /** An F32 matrix [N, D]. */
    public static Array of(Vectors rows) {
      int d = rows.width();
      int n = rows.count();
      return new Array(
          Type.F32,
          (long) n * d,
          new int[] {n, d},
          (b, from, count) -> {
            FloatBuffer floats = b.asFloatBuffer();
            float[] row = new float[d];
            for (long i = from; i < from + count; i += d - i % d) {
              rows.read((int) (i / d), 1, row, 0);
              int at = (int) (i % d);
              floats.put(row, at, (int) Math.min(d - at, from + count - i));
            }
          });
    }

    /** An I64 array. */
    public static Array of(long[] values, int... shape) {
      return new Array(
          Type.I64,
          values.length,
          shape,
          (b, from, n) -> b.asLongBuffer().put(values, (int) from, n));
    }

    /** A U8 array. */
    public static Array of(byte[] values, int... shape) {
      return new Array(Type.U8, values.length, shape, (b, from, n) -> b.put(values, (int) from, n));
    }

    Type type() {
      return type;
    }

    int[] shape() {
      return shape;
    }

    long byteCount() {
      return count * type.bytes;
    }

    /** Writes the elements, little-endian. */
    void writeTo(OutputStream out) throws IOException {
      int perBuffer = (1 << 20) / type.bytes;
      byte[] bytes = new byte[(int) Math.min(count, perBuffer) * type.bytes];
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (long from = 0; from < count; from += perBuffer) {
        int n = (int) Math.min(perBuffer, count - from);
        encoder.encode(buffer.clear(), from, n);
        out.write(bytes, 0, n * type.bytes);
      }
    }
  }

  @FunctionalInterface
  private interface Encoder {
    void encode(ByteBuffer bytes, long from, int n);
  }

  private final Path file;
  private final FileChannel channel;
  private final Map<String, Entry> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata;

  private Safetensors(Path file, FileChannel channel, SafetensorsHeader header) {
    this.file = file;
    this.channel = channel;
    this.metadata = header.metadata();
    header
        .items()
        .forEach(
            item -> tensors.put(item.name(), new Entry(item, file, channel, header.dataStart())));
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws UserError if the file is missing, unreadable, truncated or not a safetensors file
   */
  public static Safetensors open(Path file) {
    FileChannel channel;
    try {
      channel = FileChannel.open(file);
    } catch (NoSuchFileException e) {
      throw UserError.of("there is no such file").at(file).because(e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
    try {
      return new Safetensors(file, channel, SafetensorsHeader.read(file, channel));
    } catch (IOException e) {
      closeQuietly(channel);
      throw unreadable(file, e);
    } catch (RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  /** The arrays by name, in the header's order; not to be changed. */
  public Map<String, Entry> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * The array of that name.
   *
   * @throws UserError if there is none
   */
  public Entry tensor(String name) {
    Entry entry = tensors.get(name);
    if (entry == null) {
      throw UserError.of("there is no tensor '" + name + "' in the file")
          .at(file)
          .rule("it holds " + (tensors.size() <= 20 ? tensors.keySet() : tensors.size()));
    }
    return entry;
  }

  /** The texts of {@code __metadata__}, in the header's order; empty if there are none. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /** The file's path, for messages. */
  public Path file() {
    return file;
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }

  /**
   * Writes a file through {@link AtomicFile}: the same input gives the same bytes. The header keeps
   * the map's order; the data are laid out by falling element size, so that every array is aligned.
   *
   * @throws UserError if the file cannot be written; the old one stays
   */
  public static void write(Path file, Map<String, Array> tensors, Map<String, String> metadata) {
    Map<String, Array> layout = SafetensorsHeader.layout(tensors);
    byte[] header = SafetensorsHeader.bytes(tensors, layout, metadata);
    AtomicFile.write(
        file,
        out -> {
          out.write(header);
          for (Array array : layout.values()) {
            array.writeTo(out);
          }
        });
  }

  /** Fills the buffer from {@code position} on. */
  static void fill(FileChannel channel, ByteBuffer buffer, long position, Path file) {
    try {
      while (buffer.hasRemaining()) {
        int n = channel.read(buffer, position);
        if (n < 0) {
          throw new EOFException("it has become shorter while it was read");
        }
        position += n;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static UserError unreadable(Path file, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return UserError.of("cannot read the file: " + reason).at(file).because(e);
  }

  /** Closes a channel that was read from; null is none. */
  static void closeQuietly(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // Nothing was written; a failure to close loses nothing.
    }
  }
}
