package akin.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.Loss;
import akin.nn.metric.Needs;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.nn.metric.catalogue.Setup;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** What is printed of parts is what their code says. */
class RecipeCommandTest {
  @Test
  void everyPartIsListed() throws Exception {
    JsonNode all = Cli.run("recipe", "--json").json();
    for (Entry<Loss> loss : Catalogue.losses()) {
      assertEquals(loss.about(), all.get("losses").get(loss.name()).get("about").asText());
    }
    assertEquals(Catalogue.miners().size(), all.get("miners").size());
    assertEquals(Catalogue.reducers().size(), all.get("reducers").size());
  }

  @Test
  void aLossGoesWithWhatItsNeedsSay() throws Exception {
    for (Entry<Loss> loss : Catalogue.losses()) {
      Needs needs = loss.usual(Setup.of(2, 3)).needs();
      JsonNode told = Cli.run("recipe", loss.name(), "--json").json();
      for (Needs.Supervision given : Needs.Supervision.values()) {
        String answer = told.get("supervision").get(given.name().toLowerCase()).asText();
        assertEquals(needs.refusal(given, false).isEmpty(), answer.equals("yes"), loss.name());
      }
      String hard = told.get("miners").get("batch-hard").asText();
      boolean whole = needs.tuples() == Needs.MadeOf.BATCH;
      assertEquals(whole, hard.startsWith("no. "), loss.name() + ": " + hard);
    }
  }

  @Test
  void anUnknownLossIsToldWithTheNearest() throws Exception {
    Cli refused = Cli.run("recipe", "arcfase");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("did you mean arcface"), refused.err());
  }
}
