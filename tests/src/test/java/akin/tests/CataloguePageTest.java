package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akin.nn.metric.Needs;
import akin.nn.metric.Needs.Supervision;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables on the page of losses are the catalogue's. */
class CataloguePageTest {
  @Test
  void tablesAreTheCatalogues() throws IOException {
    Path page = Path.of(System.getProperty("akin.root"), "docs", "metric.md");
    for (Map.Entry<String, String> table : tables().entrySet()) {
      assertEquals(table.getValue(), after(Files.readString(page), table.getKey()), table.getKey());
    }
  }

  private static Map<String, String> tables() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put(
        "losses",
        table(
            "| loss | what it does | asks for | miners |\n|---|---|---|---|\n",
            Catalogue.losses(),
            entry -> needs(Catalogue.needs(entry))));
    tables.put(
        "options",
        Catalogue.losses().stream()
            .filter(entry -> !entry.options().isEmpty())
            .map(entry -> "| `" + entry.name() + "` | " + options(entry) + " |")
            .collect(
                Collectors.joining(
                    "\n", "| loss | options, with their published values |\n|---|---|\n", "\n")));
    tables.put("wrappers", named(Catalogue.wrappers()));
    tables.put("miners", named(Catalogue.miners()));
    tables.put("distances", named(Catalogue.distances()));
    tables.put("reducers", named(Catalogue.reducers()));
    tables.put("regularisers", named(Catalogue.regularizers()));
    return tables;
  }

  private static String options(Entry<?> entry) {
    return entry.options().stream()
        .map(option -> "`" + option.name() + "` " + option.published())
        .collect(Collectors.joining(", "));
  }

  private static <T> String named(List<Entry<T>> entries) {
    return table("| name | what it does |\n|---|---|\n", entries, entry -> "");
  }

  private static <T> String table(
      String head, List<Entry<T>> entries, Function<Entry<T>, String> more) {
    return entries.stream()
        .map(entry -> "| `" + entry.name() + "` | " + entry.about() + " |" + more.apply(entry))
        .collect(Collectors.joining("\n", head, "\n"));
  }

  private static String needs(Needs needs) {
    Supervision least = needs.supervision();
    boolean miners = needs.refusal(least, true).isEmpty();
    return " " + least.name().toLowerCase(Locale.ROOT) + " | " + (miners ? "yes" : "no") + " |";
  }

  /** The table that follows the comment {@code <!-- name -->}. */
  private static String after(String page, String name) {
    String rest = page.split("<!-- " + name + " -->\n\n")[1];
    return rest.lines()
        .takeWhile(line -> line.startsWith("|"))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
