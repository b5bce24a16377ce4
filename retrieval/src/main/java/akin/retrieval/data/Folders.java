package akin.retrieval.data;

import akin.tensor.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What lies in a folder. */
final class Folders {
  private Folders() {}

  /** The names of everything in the folder. */
  static Set<String> fileNames(Path folder) {
    return list(folder).stream()
        .map(path -> path.getFileName().toString())
        .collect(Collectors.toSet());
  }

  /** The folder's entries sorted by name, without hidden ones. */
  static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw UserError.of("the folder is missing").at(folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw UserError.of("cannot list the folder: " + e.getMessage()).at(folder).because(e);
    }
  }

  /** Whether the name ends like a picture's. */
  static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return Stream.of(".jpg", ".jpeg", ".png").anyMatch(name::endsWith);
  }
}
