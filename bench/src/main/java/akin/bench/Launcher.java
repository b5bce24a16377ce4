package akin.bench;

import akin.tensor.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options that the launcher {@code akin} gives to the JVM, so that Akin runs here as there. */
final class Launcher {
  private static final Pattern OPTIONS = Pattern.compile("(?m)^options=\\(([^)]*)\\)");

  private Launcher() {}

  /** The launcher's options, and those of {@code AKIN_JAVA_OPTS}. */
  static List<String> options(Path root) {
    Path launcher = root.resolve("akin");
    try {
      Matcher found = OPTIONS.matcher(Files.readString(launcher));
      if (!found.find()) {
        throw UserError.of("the launcher's options are not found")
            .at(launcher)
            .rule("a line options=(…) with the JVM's options");
      }
      List<String> options = new ArrayList<>(words(found.group(1)));
      options.addAll(List.of("--add-modules", "jdk.incubator.vector"));
      options.addAll(words(System.getenv().getOrDefault("AKIN_JAVA_OPTS", "")));
      return options;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }
}
