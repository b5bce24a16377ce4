package akin.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every loss of the catalogue is trained from a recipe; what does not go together is refused before
 * anything is read, with the reason. Three kinds of spots; a fourth is only validated.
 */
class MetricRecipesTest {
  private static final int SIDE = 28;
  private static final String RECIPE =
      """
      data: {width: 28, grey: true, shift: 1}
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

  private static Trainer.Result train(String name, String recipe, Path data) {
    RunConfig config = ConfigLoader.parse(recipe, "recipe", RunConfig.class);
    RunDirectory run = new RunDirectory(folder.resolve(name));
    try (Backend backend = Backends.open("cpu", 1)) {
      Trainer.Result result =
          Training.run(config, data, run, false, new Session(backend, 1, Progress.NONE));
      assertTrue(Files.isRegularFile(run.model()), name);
      return result;
    }
  }

  private static void trains(String name, String recipe) {
    Trainer.Result result = train(name, recipe, spots);
    assertEquals(1, result.steps(), name);
    assertTrue(Double.isFinite(result.loss()), name + ": " + result.loss());
    double validation = result.history().rows().get(0).validation().loss();
    assertTrue(Double.isFinite(validation), name + ", validation: " + validation);
  }

  @TestFactory
  Stream<DynamicTest> everyLossIsTrained() {
    return Catalogue.losses().stream()
        .map(Entry::name)
        .map(name -> DynamicTest.dynamicTest(name, () -> trains(name, RECIPE.formatted(name))));
  }

  @Test
  void otherLossesMayStandBeside() {
    String beside = "beside: {intra-pair-variance: 1, threshold-consistent-margin: 0.5}";
    trains("beside", RECIPE.formatted("contrastive, " + beside));
    trains("both", RECIPE.formatted("arcface, beside: {center: 0.1}"));
  }

  @Test
  void twoViewsMayTakeThePlaceOfLabels() {
    trains("views", RECIPE.formatted("nt-xent, views: true"));
    trains("vicreg-and", RECIPE.formatted("vicreg, beside: {nt-xent: 1}"));
    String turned = ", augmentation: [{kind: rotate}]";
    trains("turned", RECIPE.formatted("vicreg").replace(", shift: 1", turned));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "arcface, views: true | views do not go with loss: arcface",
        "vicreg, views: false | loss: vicreg",
        "vicreg, sampler: random | sampler is shuffle with views",
        "nt-xent, views: true, memory: 100 | memory holds labelled pictures",
        "contrastive, beside: {circel: 1} | beside cannot be circel",
        "contrastive, beside: {circle: 0} | the weight of circle is above 0",
        "contrastive, beside: {vicreg: 1} | beside: vicreg",
        "nt-xent, views: true, beside: {vicreg: 1} | mend: loss=vicreg, with nt-xent beside it",
        "vicreg, beside: {n-pairs: 1} | beside: n-pairs",
        "contrastive, reducer: class-weighted, beside: {histogram: 1} | beside: histogram",
        "contrastive, miner: batch-hard, beside: {fast-ap: 1} | beside: fast-ap",
      })
  void whatDoesNotGoTogetherIsRefused(String objective, String message) {
    refused(RECIPE.formatted(objective), message);
  }

  /** Also if the loss that wants them stands beside another. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "contrastive | false",
        "angular | true",
        "contrastive, beside: {angular: 1} | true",
        "angular, normalize: false | false",
      })
  void someLossesGetEmbeddingsOfLengthOne(String objective, boolean normalize) {
    String recipe = RECIPE.formatted(objective);
    RunConfig config = ConfigLoader.parse(recipe, "recipe", RunConfig.class);
    assertEquals(normalize, ((ObjectiveConfig.Metric) config.objective()).normalize());
  }

  @Test
  void viewsMustDiffer() {
    refused(RECIPE.formatted("vicreg").replace(", shift: 1", ""), "two views that differ");
  }

  /** Validation has a class that no weight was made for. */
  @Test
  void rareClassesMayCountAsMuch() {
    trains("weighted", RECIPE.formatted("contrastive, reducer: class-weighted"));
  }

  /** Every fourth picture has no class. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "metric, loss: contrastive, sampler: shuffle",
        "metric, loss: contrastive, classes: 3, samples: 2",
        "metric, loss: arcface",
        "metric, loss: arcface, sampler: epoch, classes: 2, samples: 2",
        "classifier"
      })
  void picturesWithoutAClassAreLeftOut(String objective) throws IOException {
    Path list = folder.resolve("list.csv");
    StringBuilder rows = new StringBuilder("path,label,split\n");
    for (int k = 0; k < 12; k++) {
      int kind = k % 3;
      String label = k % 4 == 3 ? "" : "kind" + kind;
      rows.append("spots/train/kind%d/%d.png,%s,train\n".formatted(kind, k / 3, label));
      if (k < 9) {
        String known = k % 4 == 3 ? "" : "kind" + kind;
        rows.append("spots/validation/kind%d/%d.png,%s,val\n".formatted(kind, 4 + k / 3, known));
      }
    }
    Files.writeString(list, rows);
    String recipe = RECIPE.replaceFirst("metric, loss: %s, classes: 3, samples: 3", objective);
    recipe = recipe.replace("batch: 9", "batch: 2").replace("steps: 1", "steps: 6");
    Trainer.Result result = train("without" + objective.hashCode(), recipe, list);
    assertTrue(Double.isFinite(result.loss()), objective);
    assertTrue(Double.isFinite(result.history().rows().get(0).validation().loss()), objective);
  }

  /** The loss of class vectors is a mean over pictures, however many stand in a batch. */
  @Test
  void everyPictureIsValidated() {
    double[] losses = new double[2];
    int[] batches = {9, 4};
    for (int i = 0; i < 2; i++) {
      String recipe = RECIPE.formatted("arcface").replace("batch: 9", "batch: " + batches[i]);
      Trainer.Result result =
          train("batches of " + batches[i], recipe.replace("rate: 0.001", "rate: 1e-30"), spots);
      losses[i] = result.history().rows().get(0).validation().loss();
    }
    assertEquals(losses[0], losses[1], 1e-5 * losses[0]);
  }

  @Test
  void partsThatDoNotGoTogetherAreRefusedWithTheReason() {
    refused(RECIPE.formatted("arcfase"), "arcfase", "did you mean arcface");
    refused(RECIPE.formatted("fast-ap, miner: batch-hard"), "batch-hard", "whole batch");
    refused(RECIPE.formatted("fast-ap, miner: batch-hart"), "did you mean batch-hard");
    refused(RECIPE.formatted("arcface, memory: 64"), "memory", "class vectors");
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
