package akin.cuda.jcuda;

import akin.tensor.UserError;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * The jar {@code org.bytedeco:cuda:…:linux-x86_64-redist}, in which NVIDIA's libraries lie on Maven
 * Central; the profile {@code cuda} puts it on the class path. What is needed is unpacked once into
 * a folder of the cache: under a temporary name first, so that a file with its own name is whole.
 */
final class Redistribution implements Place {
  private static final String FOLDER = "libraries";
  private static final String INSIDE = "org/bytedeco/cuda/linux-x86_64/";

  private final Path caches;
  private JarFile jar;

  /**
   * @param caches where folders of caches are
   */
  Redistribution(Path caches) {
    this.caches = caches;
  }

  /** For a jar that is known. */
  Redistribution(Path caches, JarFile jar) {
    this.caches = caches;
    this.jar = jar;
  }

  /** Folders that were filled before: they serve a build that has lost the jar, too. */
  static List<Place> unpacked(Path caches) {
    List<Place> places = new ArrayList<>();
    File[] folders = caches.resolve(FOLDER).toFile().listFiles(File::isDirectory);
    if (folders != null) {
      Arrays.sort(folders);
      for (File folder : folders) {
        places.add(new Folder(folder.toPath()));
      }
    }
    return places;
  }

  /** The jar on the class path, or null; looked for when it is first asked for a file. */
  private JarFile jar() {
    if (jar == null) {
      URL file = Redistribution.class.getResource("/" + INSIDE + Part.CUBLAS.file());
      try {
        if (file != null && file.openConnection() instanceof JarURLConnection) {
          jar = ((JarURLConnection) file.openConnection()).getJarFile();
        }
      } catch (IOException e) {
        throw UserError.of("the jar of NVIDIA's libraries cannot be read: " + e.getMessage())
            .at(file.toString())
            .mend("delete it, and fetch it again: " + Libraries.FETCH)
            .because(e);
      }
    }
    return jar;
  }

  @Override
  public boolean has(String file) {
    return jar() != null && jar.getEntry(INSIDE + file) != null;
  }

  @Override
  public synchronized Path folder(List<String> files) {
    String name = Path.of(jar().getName()).getFileName().toString();
    Path cache = caches.resolve(FOLDER).resolve(name.replaceFirst("\\.jar$", ""));
    if (missing(files, cache).isEmpty()) {
      return cache;
    }
    try {
      Files.createDirectories(cache);
      try (FileChannel lock =
              FileChannel.open(
                  cache.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = lock.lock()) {
        unpack(missing(files, cache), cache);
      }
      return cache;
    } catch (IOException e) {
      throw UserError.of("NVIDIA's libraries cannot be unpacked: " + e.getMessage())
          .at(cache)
          .mend("make room there, or set XDG_CACHE_HOME to a folder that can be written to")
          .because(e);
    }
  }

  /** Those that the jar has and the cache has not, or not whole. */
  private List<ZipEntry> missing(List<String> files, Path cache) {
    List<ZipEntry> missing = new ArrayList<>();
    for (String file : files) {
      ZipEntry entry = jar.getEntry(INSIDE + file);
      if (entry != null && cache.resolve(file).toFile().length() != entry.getSize()) {
        missing.add(entry);
      }
    }
    return missing;
  }

  private void unpack(List<ZipEntry> entries, Path cache) throws IOException {
    long bytes = entries.stream().mapToLong(ZipEntry::getSize).sum();
    long room = Files.getFileStore(cache).getUsableSpace();
    if (bytes > room) {
      throw new IOException(
          mebibytes(bytes) + " are needed, and there is room for " + mebibytes(room));
    }
    if (bytes > 0) {
      System.err.println(
          "akin: unpacking "
              + mebibytes(bytes)
              + " of NVIDIA's libraries into "
              + cache
              + ", once");
    }
    for (ZipEntry entry : entries) {
      String name = entry.getName().substring(INSIDE.length());
      Path half = cache.resolve(name + ".part");
      try (InputStream from = jar.getInputStream(entry)) {
        Files.copy(from, half, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(half, cache.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%d MiB", bytes >> 20);
  }

  @Override
  public String toString() {
    return jar() == null ? "no jar of the profile cuda" : jar.getName();
  }
}
