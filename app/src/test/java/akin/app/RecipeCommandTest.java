package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is printed of parts is what their code says. */
class RecipeCommandTest {
  @Test
  void everyPartIsListed() throws Exception {
    JsonNode all = Cli.run("recipe", "--json").json();
    for (Entry<Loss> loss : Catalogue.losses()) {
      JsonNode told = all.get("losses").get(loss.name());
      assertEquals(loss.about(), told.get("about").asText());
    }
    assertEquals(Catalogue.miners().size(), all.get("miners").size());
    assertEquals(ObjectiveConfig.Metric.reducers().size(), all.get("reducers").size());
  }

  @Test
  void aLossGoesWithWhatItsNeedsSay() throws Exception {
    for (Entry<Loss> loss : Catalogue.losses()) {
      Needs needs = Catalogue.needs(loss);
      JsonNode told = Cli.run("recipe", loss.name(), "--json").json();
      for (Needs.Supervision given : Needs.Supervision.values()) {
        String answer = told.get("supervision").get(given.name().toLowerCase()).asText();
        assertEquals(needs.refusal(given, false).isEmpty(), answer.equals("yes"), loss.name());
      }
      boolean single = needs.single() && needs.supervision() != Needs.Supervision.VIEWS;
      assertEquals(single, told.get("reducers").get("class-weighted").asText().equals("yes"));
      assertEquals("yes", told.get("reducers").get("per-anchor").asText());
      String hard = told.get("miners").get("batch-hard").asText();
      boolean whole = needs.refusal(needs.supervision(), true).isPresent();
      assertEquals(whole, hard.startsWith("no. "), loss.name() + ": " + hard);
    }
  }

  @Test
  void optionsAreToldWithTheirPublishedValues() throws Exception {
    JsonNode options = Cli.run("recipe", "dynm-arcface", "--json").json().get("options");
    assertEquals("0.2", options.get("leastMargin").get("published").asText());
    assertEquals("a number from 0 to 3.14", options.get("leastMargin").get("rule").asText());
    assertEquals(4, options.size());
    assertTrue(Cli.run("recipe", "p2s-grad").out().contains("no options"));
  }

  @Test
  void everyFileOfConfigsIsARecipe() throws Exception {
    JsonNode told = Cli.run("recipe", "--json").json().get("recipes");
    try (Stream<Path> files = Files.list(Path.of("../configs"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".yaml", "");
        assertTrue(told.has(name), name + " is no name of Recipes");
        String about = told.get(name).asText();
        assertTrue(about.matches("[A-Z].*\\."), name + " begins with: " + about);
        assertEquals(Files.readString(file), Cli.run("recipe", name).out());
      }
    }
  }

  /** People keep the data set faces in the folder faces. */
  @Test
  void aFolderOfTheNameIsNotTheRecipe() throws Exception {
    Path folder = Files.createDirectory(Path.of("faces"));
    try {
      RunConfig faces = Recipes.load(folder, List.of("seed=7"));
      assertEquals(Recipes.named("faces", List.of("seed=7")), faces);
    } finally {
      Files.delete(folder);
    }
  }

  @Test
  void anUnknownLossIsToldWithTheNearest() throws Exception {
    Cli refused = Cli.run("recipe", "arcfase");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("did you mean arcface"), refused.err());
  }
}
