package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Split;
import akin.retrieval.evaluation.Evaluator;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Run;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Trainer;
import akin.retrieval.train.Training;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs with losses of the catalogue: four kinds of spots, and a fifth that is never trained. */
class MetricTrainingTest {
  private static final int SIDE = 16;
  private static final String RECIPE =
      """
      seed: 3
      data: {width: 16, height: 16}
      model: {backbone: small, widths: [8, 16], embedding: 8}
      objective: {kind: metric, loss: %s, miner: %s, memory: %d, classes: 4, samples: 4}
      training: {epochs: 3, batch: 16, optimizer: {kind: adam, rate: 0.01}}
      """;

  @TempDir static Path spots;
  @TempDir Path folder;

  @BeforeAll
  static void drawSpots() throws IOException {
    for (int c = 0; c < 5; c++) {
      Spots.draw(spots, c < 4 ? "train" : "test", SIDE, c, 0, 12);
      Spots.draw(spots, "validation", SIDE, c, 12, 15);
      Spots.draw(spots, "test", SIDE, c, 15, 20);
    }
  }

  private RunDirectory train(String recipe, String name, int threads, boolean resume) {
    RunDirectory run = new RunDirectory(folder.resolve(name));
    try (Backend backend = Backends.open("cpu", threads)) {
      RunConfig config = ConfigLoader.parse(recipe, "recipe", RunConfig.class);
      Session session = new Session(backend, threads, Progress.NONE);
      Trainer.Result result = Training.run(config, spots, run, resume, session);
      assertTrue(Double.isFinite(result.loss()), recipe);
    }
    return run;
  }

  @ParameterizedTest
  @CsvSource({
    "multi-similarity, multi-similarity, 0",
    "triplet-margin, distance-weighted, 0",
    "contrastive, all, 32",
    "arcface, all, 0",
    "curricularface, all, 0",
    "adaface, all, 0",
    "fast-ap, all, 0"
  })
  void kindsThatWereTrainedAreFoundAgain(String loss, String miner, int memory) throws IOException {
    String recipe = RECIPE.formatted(loss, miner, memory);
    RunDirectory run = train(recipe, "one", 1, false);
    RunDirectory other = train(recipe, "two", 2, false);
    assertArrayEquals(Files.readAllBytes(run.model()), Files.readAllBytes(other.model()));
    byte[] before = Files.readAllBytes(run.model());
    train(recipe, "one", 1, true);
    assertArrayEquals(before, Files.readAllBytes(run.model()), "nothing is left to train");

    try (Safetensors model = Safetensors.open(run.model())) {
      assertFalse(
          model.tensors().keySet().stream().anyMatch(name -> name.startsWith("model.loss.")),
          "what the loss learned is no part of the model");
    }
    try (Backend backend = Backends.open("cpu", 1);
        Run opened =
            Run.open(run.path(), Run.Places.unchanged(), new Session(backend, 1, Progress.NONE))) {
      Evaluation.Result result = Evaluation.of(opened, Split.TEST, Evaluator.usualMemory());
      assertEquals(37, result.gallery());
      assertTrue(result.scores().mean("Recall@1") > 0.8, loss + ": " + result.scores().means());
    }
  }
}
