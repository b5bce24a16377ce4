package akin.app;

import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.tensor.NearestName;
import akin.tensor.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The recipes that come with Akin: the files of {@code configs/}, by name without ending. */
final class Recipes {
  private static final String ENDING = ".yaml";

  /** In alphabetical order. */
  static final List<String> NAMES = names();

  private Recipes() {}

  private static List<String> names() {
    try {
      URI one = Recipes.class.getResource(place("faces")).toURI();
      if (!one.getScheme().equals("jar")) {
        return names(Path.of(one).getParent());
      }
      try (FileSystem jar = FileSystems.newFileSystem(one, Map.of())) {
        return names(jar.getPath(place("faces")).getParent());
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the recipes cannot be listed", e);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    }
  }

  /** A recipe's text. */
  static String text(String name) {
    try (InputStream in = Recipes.class.getResourceAsStream(place(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it is for: the first sentence of the comment that it begins with. */
  static String about(String name) {
    String comment =
        text(name)
            .lines()
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.substring(1).strip())
            .collect(Collectors.joining(" "));
    int end = comment.indexOf(". ");
    return end < 0 ? comment : comment.substring(0, end + 1);
  }

  /**
   * The recipe in a file or of a name, with other values.
   *
   * @param given a file; if there is none, a name
   * @param overrides each {@code key.sub=value}
   * @throws UserError if there is neither, or the recipe is wrong
   */
  static RunConfig load(Path given, List<String> overrides) {
    String name = given.toString();
    if (NAMES.contains(name) && !Files.isRegularFile(given)) {
      return named(name, overrides);
    }
    boolean file = name.contains(".") || given.getNameCount() > 1 || Files.exists(given);
    if (!file) {
      throw UserError.of("there is no recipe called " + name)
          .rule("a recipe is a YAML file, or one of " + String.join(", ", NAMES))
          .mend(NearestName.hint(name, NAMES));
    }
    return ConfigLoader.load(given, RunConfig.class, overrides);
  }

  /** The recipe of a name. */
  static RunConfig named(String name, List<String> overrides) {
    return ConfigLoader.parse(text(name), place(name), RunConfig.class, overrides);
  }

  private static String place(String name) {
    return "/configs/" + name + ENDING;
  }
}
