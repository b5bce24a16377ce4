package akin.nn.io;

import akin.tensor.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A zip archive, read where it lies: nothing is unpacked to disk. Archives that are made to hurt
 * are refused when they are opened: a name twice, a name that leaves its folder, entries that would
 * grow to many times the archive.
 */
public final class Archive implements AutoCloseable {
  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  /**
   * Opens an archive.
   *
   * @throws UserError if it is damaged or one of those described above
   */
  public Archive(Path file) {
    this.file = file;
    try {
      zip = new ZipFile(file.toFile());
    } catch (IOException | IllegalArgumentException e) {
      throw damaged("its directory cannot be read: " + reason(e)).because(e);
    }
    try {
      long total = 0;
      for (ZipEntry entry : Collections.list(zip.entries())) {
        checkName(entry.getName());
        if (entries.put(entry.getName(), entry) != null) {
          throw damaged("a name stands once; '" + shown(entry.getName()) + "' stands twice");
        }
        total = Math.addExact(total, Math.max(0, entry.getSize()));
      }
      Growth.of(file, Files.size(file)).check(total, "unpacked, its entries");
    } catch (IOException | ArithmeticException e) {
      close();
      throw damaged("its sizes cannot be: " + reason(e)).because(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void checkName(String name) {
    boolean leaves =
        name.startsWith("/")
            || name.contains("\\")
            || name.matches("[A-Za-z]:/.*")
            || List.of(name.split("/")).contains("..");
    if (leaves || name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw damaged("an entry's name is a path inside the archive; found '" + shown(name) + "'");
    }
  }

  /** Names of all entries, in the archive's order. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** The archive's file. */
  public Path file() {
    return file;
  }

  /** Bytes of an entry once unpacked; -1 if there is none of that name. */
  public long size(String name) {
    ZipEntry entry = entries.get(name);
    return entry == null ? -1 : entry.getSize();
  }

  /** Whether an entry lies in the archive as it is, not compressed. */
  public boolean isStored(String name) {
    return entries.get(name).getMethod() == ZipEntry.STORED;
  }

  /** All bytes of an entry. */
  public byte[] bytes(String name) {
    long size = size(name);
    if (size > Integer.MAX_VALUE - 8) {
      throw damaged("'" + shown(name) + "' is too long: " + size + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    source(name).read(bytes, 0);
    return bytes.array();
  }

  /** The bytes of an entry, best read in order; what was read whole is checked by its CRC. */
  public ByteSource source(String name) {
    return new EntrySource(entries.get(name));
  }

  private final class EntrySource implements ByteSource {
    private final ZipEntry entry;
    private final CRC32 crc = new CRC32();
    private InputStream stream;
    private long at;
    private boolean whole; // all bytes before `at` have been seen

    EntrySource(ZipEntry entry) {
      this.entry = entry;
    }

    @Override
    public synchronized void read(ByteBuffer into, long position) {
      try {
        if (stream == null || position < at) {
          open();
        }
        while (at < position) {
          long skipped = stream.skip(position - at);
          if (skipped <= 0) {
            throw new EOFException("it ends at byte " + at);
          }
          at += skipped;
          whole = false;
        }
        int n = into.remaining();
        if (n > 0 && stream.readNBytes(into.array(), into.arrayOffset() + into.position(), n) < n) {
          throw new EOFException("it is shorter than the directory says");
        }
        crc.update(into.array(), into.arrayOffset() + into.position(), n);
        into.position(into.limit());
        at += n;
        if (at == entry.getSize()) {
          checkCrc();
        }
      } catch (IOException | IllegalStateException e) {
        throw damaged("'" + shown(entry.getName()) + "' cannot be read: " + reason(e)).because(e);
      }
    }

    private void open() throws IOException {
      close();
      stream = zip.getInputStream(entry);
      crc.reset();
      at = 0;
      whole = true;
    }

    private void close() throws IOException {
      if (stream != null) {
        stream.close();
        stream = null;
      }
    }

    /** A CRC of 0 was not computed: PyTorch can leave it out. */
    private void checkCrc() throws IOException {
      if (whole && entry.getCrc() > 0 && entry.getCrc() != crc.getValue()) {
        throw damaged("the bytes of '" + shown(entry.getName()) + "' do not have their CRC");
      }
      close();
    }
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException ignored) {
      // Nothing was written; a failure to close loses nothing.
    }
  }

  private UserError damaged(String rule) {
    return UserError.of("the archive is damaged or not what it seems")
        .at(file)
        .rule(rule)
        .mend("copy or make it again");
  }

  private static String shown(String name) {
    String text = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
