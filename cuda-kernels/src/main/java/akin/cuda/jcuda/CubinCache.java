package akin.cuda.jcuda;

import akin.cuda.kernel.KernelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Machine code of the kernels, compiled once for a card and kept in the cache, by a digest of all
 * that it depends on: source, architecture, compiler's version, options. A file begins with the
 * digest of the rest, so that one that was cut off or changed is made again.
 */
final class CubinCache implements Modules.Compiler {
  private static final int DIGEST_BYTES = 32;
  private static final int NAME_DIGITS = 16;

  private final Path folder;
  private final Supplier<Optional<Nvrtc>> opener;
  private Optional<Nvrtc> compiler;

  /**
   * @param caches where folders of caches are
   * @param opener loads the compiler when it is first needed; none if it is not there
   */
  CubinCache(Path caches, Supplier<Optional<Nvrtc>> opener) {
    folder = caches.resolve("kernels");
    this.opener = opener;
  }

  @Override
  public Optional<byte[]> cubin(KernelFile file, String architecture) {
    if (compiler == null) {
      compiler = opener.get();
    }
    if (compiler.isEmpty() || !compiler.get().makes(architecture)) {
      return Optional.empty();
    }
    Nvrtc nvrtc = compiler.get();
    String name = file.stem() + ".cu";
    String source = file.source();
    Path kept = folder.resolve(name(file.stem(), source, architecture, nvrtc.version()));
    Optional<byte[]> found = read(kept);
    if (found.isEmpty()) {
      byte[] made = nvrtc.cubin(name, source, architecture);
      write(kept, made);
      return Optional.of(made);
    }
    return found;
  }

  private static String name(String stem, String source, String architecture, String version) {
    String all = String.join("\0", source, architecture, version, String.join(" ", Nvrtc.OPTIONS));
    String digest = HexFormat.of().formatHex(digest(all.getBytes(StandardCharsets.UTF_8)));
    return stem + "-" + architecture + "-" + digest.substring(0, NAME_DIGITS) + ".cubin";
  }

  private static Optional<byte[]> read(Path kept) {
    try {
      byte[] bytes = Files.readAllBytes(kept);
      if (bytes.length > DIGEST_BYTES) {
        byte[] rest = Arrays.copyOfRange(bytes, DIGEST_BYTES, bytes.length);
        if (Arrays.equals(digest(rest), Arrays.copyOf(bytes, DIGEST_BYTES))) {
          return Optional.of(rest);
        }
      }
    } catch (IOException e) {
      // Not there, or not to be read: it is made again.
    }
    return Optional.empty();
  }

  /** A cache that cannot be written to costs time, and nothing else. */
  static void write(Path kept, byte[] cubin) {
    try {
      Files.createDirectories(kept.getParent());
      Path half = Files.createTempFile(kept.getParent(), kept.getFileName().toString(), ".part");
      try {
        Files.write(half, sealed(cubin));
        Files.move(half, kept, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(half); // where the disk was full
      }
    } catch (IOException e) {
      // See above.
    }
  }

  /** The digest, and then the bytes. */
  static byte[] sealed(byte[] bytes) {
    byte[] sealed = Arrays.copyOf(digest(bytes), DIGEST_BYTES + bytes.length);
    System.arraycopy(bytes, 0, sealed, DIGEST_BYTES, bytes.length);
    return sealed;
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
