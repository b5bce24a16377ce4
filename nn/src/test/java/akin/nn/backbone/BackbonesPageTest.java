package akin.nn.backbone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table on the page of backbones is that of the networks; a failure prints it. */
class BackbonesPageTest {
  @Test
  void theTableIsThatOfTheNetworks() throws IOException {
    Path file = Path.of(System.getProperty("akin.root"), "docs", "backbones.md");
    List<String> actual = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      String[] cells = line.split("\\|");
      if (cells.length == 6 && cells[1].contains("`")) {
        assertFalse(cells[5].isBlank(), "the source of " + cells[1]);
        actual.add(line.substring(0, line.lastIndexOf('|', line.length() - 2) + 1));
      }
    }
    List<String> rows = Backbones.names().stream().map(BackbonesPageTest::row).toList();
    assertEquals(String.join("\n", rows), String.join("\n", actual));
  }

  private static String row(String name) {
    Backbone network = Architecture.parse(name).create();
    String choices =
        Backbones.choices(name).stream()
            .sorted()
            .map(choice -> "`" + choice.name().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "| `%s` | %,d | %d | %s |",
        name,
        network.parameterCount(),
        network.width(),
        choices.isEmpty() ? "–" : choices);
  }
}
