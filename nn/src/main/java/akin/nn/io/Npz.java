package akin.nn.io;

import static java.util.stream.Collectors.joining;

import akin.nn.io.Safetensors.Array;
import akin.nn.io.Safetensors.Type;
import akin.tensor.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays for NumPy, as {@code numpy.savez} does: a zip archive, not compressed. */
public final class Npz {
  private static final Map<Type, String> DESCR =
      Map.of(Type.F64, "<f8", Type.F32, "<f4", Type.I64, "<i8", Type.U8, "|u1");

  // Not midnight of the first day: then the archive would take the time zone in.
  private static final LocalDateTime SAME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private Npz() {}

  /**
   * Writes a file through {@link AtomicFile}: the same input gives the same bytes.
   *
   * @throws UserError if the file cannot be written; the old one stays
   */
  public static void write(Path file, Map<String, Array> arrays) {
    AtomicFile.write(
        file,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
          for (Map.Entry<String, Array> named : arrays.entrySet()) {
            byte[] header = header(named.getValue());
            zip.putNextEntry(entry(named.getKey(), header, named.getValue()));
            zip.write(header);
            named.getValue().writeTo(zip);
            zip.closeEntry();
          }
          zip.finish();
        });
  }

  private static ZipEntry entry(String name, byte[] header, Array array) throws IOException {
    CheckedOutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
    sum.write(header);
    array.writeTo(sum);
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(SAME);
    entry.setSize(header.length + array.byteCount());
    entry.setCrc(sum.getChecksum().getValue());
    return entry;
  }

  /** Version 1, padded with blanks so that the elements begin at a multiple of 64. */
  private static byte[] header(Array array) {
    String sizes = Arrays.stream(array.shape()).mapToObj(String::valueOf).collect(joining(", "));
    String comma = array.shape().length == 1 ? "," : ""; // a tuple of one
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(DESCR.get(array.type()), sizes, comma);
    int length = (10 + text.length() + 1 + 63) / 64 * 64;
    ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(NpyHeader.BEGIN.getBytes(StandardCharsets.ISO_8859_1)).put((byte) 1).put((byte) 0);
    header.putShort((short) (length - 10));
    header.put(text.getBytes(StandardCharsets.US_ASCII));
    while (header.position() < length - 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }
}
