package akin.retrieval.data;

import akin.tensor.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where one of several data sets with folders of fixed names lies.
 *
 * @param home the set's own folder
 * @param list its list
 */
record SetPlace(Path home, Path list) {
  /** The word, not a part of another one such as "latest". */
  private static final Pattern TEST = Pattern.compile("(?<![a-z])test(?![a-z])");

  /**
   * Finds a set.
   *
   * @param where the folder that holds the folders of several sets, the set's own folder, or
   *     another list in it
   * @param home the usual name of its folder; may be empty
   * @param list the usual name of its list in it; a {@code *} stands for any letters
   * @throws UserError that says what was looked for
   */
  static SetPlace find(Path where, String home, String list) {
    if (Files.isRegularFile(where)) {
      Path folder = where.toAbsolutePath();
      for (int depth = Path.of(list).getNameCount(); depth > 0; depth--) {
        folder = folder.getParent();
      }
      return new SetPlace(folder, where);
    }
    List<Path> homes = home.isEmpty() ? List.of(where) : List.of(where.resolve(home), where);
    for (Path folder : homes) {
      List<Path> found = matching(folder, list);
      if (found.size() > 1) {
        throw UserError.of("which list is meant?")
            .at(folder)
            .rule("several files are named " + list + ": " + found)
            .mend("give the list itself instead of its folder");
      }
      if (!found.isEmpty()) {
        return new SetPlace(folder, found.get(0));
      }
    }
    throw UserError.of("there is no " + list)
        .at(where)
        .rule("looked in " + String.join(" and ", homes.stream().map(Path::toString).toList()))
        .mend("give the folder that holds it, or a list of another name itself");
  }

  /** What the list's pictures are for: training, unless its name says that they are for testing. */
  Split split() {
    return TEST.matcher(list.getFileName().toString()).find() ? Split.TEST : Split.TRAIN;
  }

  private static List<Path> matching(Path folder, String list) {
    if (!list.startsWith("*")) {
      Path file = folder.resolve(list);
      return Files.isRegularFile(file) ? List.of(file) : List.of();
    }
    return Files.isDirectory(folder)
        ? Folders.list(folder).stream()
            .filter(file -> file.getFileName().toString().endsWith(list.substring(1)))
            .toList()
        : List.of();
  }
}
