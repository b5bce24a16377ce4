package akin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the figures were measured on. */
final class Machine {
  private Machine() {}

  /** Processor, memory, system and JDK in a line. */
  static String describe() {
    return String.format(
        "%s, %d processors, %s GiB, %s %s, JDK %s",
        field("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        gibibytes(field("/proc/meminfo", "MemTotal")),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version());
  }

  private static String gibibytes(String kibibytes) {
    String digits = kibibytes.replaceAll("[^0-9]", "");
    return digits.isEmpty() ? "?" : Long.toString(Math.round(Long.parseLong(digits) / 1048576.0));
  }

  private static String field(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown"; // not Linux
    }
  }
}
