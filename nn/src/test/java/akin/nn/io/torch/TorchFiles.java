package akin.nn.io.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes checkpoints as {@code torch.save} does. */
public final class TorchFiles {
  private TorchFiles() {}

  /** A zip checkpoint of a pickle and storages by key. */
  public static Path zip(Path file, byte[] pickle, Map<String, byte[]> storages) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("archive/data.pkl", pickle);
    entries.put("archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    storages.forEach((key, bytes) -> entries.put("archive/data/" + key, bytes));
    entries.put("archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    return archive(file, entries);
  }

  /** A checkpoint as PyTorch wrote it before 1.6; {@code counts} tell each storage's elements. */
  public static Path legacy(
      Path file, byte[] pickle, Map<String, byte[]> storages, Map<String, Long> counts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new PickleWriter().raw("\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019").bytes());
    out.writeBytes(new PickleWriter().raw("M\u00e9\u0003").bytes()); // 1001
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("protocol_version", 1001L);
    machine.put("little_endian", true);
    machine.put("type_sizes", Map.of("short", 2L, "int", 4L, "long", 4L));
    out.writeBytes(new PickleWriter().value(machine).bytes());
    out.writeBytes(pickle);
    out.writeBytes(new PickleWriter().value(List.copyOf(storages.keySet())).bytes());
    storages.forEach(
        (key, bytes) -> {
          ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
          out.writeBytes(count.putLong(counts.get(key)).array());
          out.writeBytes(bytes);
        });
    return write(file, out.toByteArray());
  }

  private static Path write(Path file, byte[] bytes) {
    try {
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An archive of stored entries. */
  public static Path archive(Path file, Map<String, byte[]> entries) {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> named : entries.entrySet()) {
        byte[] bytes = named.getValue();
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(named.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(LocalDateTime.of(1980, 2, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
