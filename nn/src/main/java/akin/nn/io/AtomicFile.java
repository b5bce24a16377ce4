package akin.nn.io;

import akin.tensor.UserError;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file under a temporary name beside it, forces it to disk and renames it into place: a
 * reader sees the old file or the new one, never half of one, whatever kills the writer.
 */
public final class AtomicFile {
  /** What fills the file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code out}, which is buffered and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes {@code file}, making its folder if needed.
   *
   * @throws UserError if the file cannot be written (disk full, no permission); the old file stays
   */
  public static void write(Path file, Content content) {
    Path target = file.toAbsolutePath();
    Path part = target.resolveSibling("." + target.getFileName() + ".part");
    try {
      Files.createDirectories(target.getParent());
      try (FileChannel channel =
              FileChannel.open(
                  part,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (RuntimeException | Error e) {
      delete(part);
      throw e;
    } catch (IOException e) {
      delete(part);
      throw UserError.of("cannot write the file: " + reason(e))
          .at(file)
          .rule("what was there before is untouched")
          .mend("free some space or choose another folder")
          .because(e);
    }
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException ignored) {
      // The cause that matters is thrown by the caller.
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
