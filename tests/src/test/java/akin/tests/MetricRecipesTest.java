package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.metric.Loss;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Entry;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Trainer;
import akin.retrieval.train.Training;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every loss of the catalogue is trained from a recipe, or refused before anything is read, with
 * the reason. Three kinds of spots; a fourth is only validated.
 */
class MetricRecipesTest {
  private static final int SIDE = 28;
  private static final String RECIPE =
      """
      data: {width: 28, grey: true}
      model: {backbone: lab}
      objective: {kind: metric, loss: %s, classes: 3, samples: 3}
      training: {epochs: 1, steps: 1, batch: 9, optimizer: {kind: sgd, rate: 0.001}}
      """;

  @TempDir static Path folder;
  private static Path spots;

  @BeforeAll
  static void drawSpots() throws IOException {
    spots = folder.resolve("spots");
    for (int c = 0; c < 4; c++) {
      if (c < 3) {
        Spots.draw(spots, "train", SIDE, c, 0, 4);
      }
      Spots.draw(spots, "validation", SIDE, c, 4, 7);
    }
  }

  private static Trainer.Result train(String name, String recipe) {
    RunConfig config = ConfigLoader.parse(recipe, "recipe", RunConfig.class);
    RunDirectory run = new RunDirectory(folder.resolve(name));
    try (Backend backend = Backends.open("cpu", 1)) {
      Trainer.Result result =
          Training.run(config, spots, run, false, new Session(backend, 1, Progress.NONE));
      assertTrue(Files.isRegularFile(run.model()), name);
      return result;
    }
  }

  private static void trains(String name, String recipe) {
    Trainer.Result result = train(name, recipe);
    assertEquals(1, result.steps(), name);
    assertTrue(Double.isFinite(result.loss()), name + ": " + result.loss());
    double validation = result.history().rows().get(0).validation().loss();
    assertTrue(Double.isFinite(validation), name + ", validation: " + validation);
  }

  @TestFactory
  Stream<DynamicTest> everyLossIsTrainedOrRefused() {
    return Catalogue.losses().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.name(), () -> triedOut(entry)));
  }

  private static void triedOut(Entry<Loss> entry) {
    String recipe = RECIPE.formatted(entry.name());
    Optional<String> refusal = ObjectiveConfig.Metric.refusal(Catalogue.needs(entry));
    if (refusal.isPresent()) {
      refused(recipe, entry.name(), refusal.orElseThrow());
    } else {
      trains(entry.name(), recipe);
    }
  }

  /** Validation has a class that no weight was made for. */
  @Test
  void rareClassesMayCountAsMuch() {
    trains("weighted", RECIPE.formatted("contrastive, reducer: class-weighted"));
  }

  @Test
  void partsThatDoNotGoTogetherAreRefusedWithTheReason() {
    refused(RECIPE.formatted("arcfase"), "arcfase", "did you mean arcface");
    refused(RECIPE.formatted("fast-ap, miner: batch-hard"), "batch-hard", "whole batch");
    refused(RECIPE.formatted("fast-ap, miner: batch-hart"), "did you mean batch-hard");
    refused(RECIPE.formatted("arcface, memory: 64"), "memory", "class vectors");
    refused(RECIPE.formatted("vicreg"), "vicreg", "two views");
    refused(RECIPE.formatted("contrastive, reducer: divisor"), "reducer cannot be divisor");
    for (String loss : new String[] {"proxy-anchor", "histogram"}) {
      refused(
          RECIPE.formatted(loss + ", reducer: class-weighted"), "class-weighted", "single samples");
    }
    refused(RECIPE.formatted("contrastive, memory: 8"), "memory", "9 pictures; it is 8");
    refused(
        RECIPE.formatted("contrastive, memory: 8, sampler: shuffle"),
        "objective.memory",
        "9 pictures; it is 8");
  }

  private static void refused(String recipe, String... parts) {
    UserError error =
        assertThrows(
            UserError.class, () -> ConfigLoader.parse(recipe, "recipe", RunConfig.class), recipe);
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), part + " is not in: " + error.getMessage());
    }
  }
}
