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
  private static final int NEAR = 1 << 16;

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();
  private Reading open; // one at a time: an archive may have many thousands of entries

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
        if (entry.getSize() < 0) {
          throw damaged("the size of '" + shown(entry.getName()) + "' is known");
        }
        total = Math.addExact(total, entry.getSize());
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

    EntrySource(ZipEntry entry) {
      this.entry = entry;
    }

    @Override
    public void read(ByteBuffer into, long position) {
      synchronized (zip) {
        try {
          if (open == null || open.entry != entry || position < open.at) {
            if (open != null) {
              open.stream.close();
            }
            open = new Reading(entry, zip.getInputStream(entry));
          }
          open.skipTo(position);
          open.fill(into);
        } catch (IOException | IllegalStateException e) {
          throw damaged("'" + shown(entry.getName()) + "' cannot be read: " + reason(e)).because(e);
        }
      }
    }
  }

  /** The reading of one entry, from its beginning on. */
  private final class Reading {
    private final ZipEntry entry;
    private final InputStream stream;
    private final CRC32 crc = new CRC32();
    private long at;
    private boolean whole = true; // all bytes before `at` have been seen

    Reading(ZipEntry entry, InputStream stream) {
      this.entry = entry;
      this.stream = stream;
    }

    void skipTo(long position) throws IOException {
      if (position - at <= NEAR) {
        fill(ByteBuffer.allocate((int) (position - at))); // keeps the CRC
      }
      while (at < position) {
        long skipped = stream.skip(position - at);
        if (skipped <= 0) {
          throw new EOFException("it ends at byte " + at);
        }
        at += skipped;
        whole = false;
      }
    }

    void fill(ByteBuffer into) throws IOException {
      int n = into.remaining();
      int from = into.arrayOffset() + into.position();
      if (stream.readNBytes(into.array(), from, n) < n) {
        throw new EOFException("it is shorter than the directory says");
      }
      crc.update(into.array(), from, n);
      into.position(into.limit());
      at += n;
      // A CRC of 0 was not computed: PyTorch can leave it out.
      if (at == entry.getSize()
          && whole
          && entry.getCrc() > 0
          && entry.getCrc() != crc.getValue()) {
        throw damaged("the bytes of '" + shown(entry.getName()) + "' do not have their CRC");
      }
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
