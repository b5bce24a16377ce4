package akin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A piece of work, prepared; every call does it once, whole. */
@FunctionalInterface
interface Task extends AutoCloseable {
  /** Does the work; its result is there on return. */
  void run() throws Exception;

  /** The most memory that was resident, in bytes; 0 where the system does not tell. */
  default long peakBytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  @Override
  default void close() {}
}
