package akin.cuda.planted;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The mutants that nothing can notice, or not for what a build may take, each with its reason: the
 * list is a file of kernel, mistake, instruction, source line and reason.
 */
final class Survivors {
  private static final String FILE = "survivors.tsv";
  private static final int KEY = 4;

  private final Map<String, String> reasons = new TreeMap<>();

  Survivors() {
    try (InputStream file = Survivors.class.getResourceAsStream(FILE)) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .forEach(
              words ->
                  reasons.put(
                      String.join("\t", List.of(words).subList(0, KEY)),
                      words.length > KEY ? words[KEY] : ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why each survives, by {@link Mutant#toString}. */
  Map<String, String> reasons() {
    return reasons;
  }

  boolean has(Mutant mutant) {
    return reasons.containsKey(mutant.toString());
  }
}
