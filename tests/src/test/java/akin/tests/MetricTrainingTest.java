package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.io.Safetensors;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Split;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs with losses of the catalogue: four kinds of stripes, and a fifth that is never trained. */
class MetricTrainingTest {
  private static final String RECIPE =
      """
      seed: 3
      data: {width: 16, height: 16}
      model: {backbone: small, widths: [8, 16], embedding: 8}
      objective: {kind: metric, loss: %s, miner: %s, memory: %d, classes: 4, samples: 4}
      training: {epochs: 3, steps: 16, batch: 16, optimizer: {kind: adam, rate: 0.01}}
      """;

  @TempDir static Path stripes;
  @TempDir Path folder;

  @BeforeAll
  static void drawStripes() throws IOException {
    for (int c = 0; c < 5; c++) {
      Stripes.draw(stripes, c < 4 ? "train" : "test", c, 0, 12);
      Stripes.draw(stripes, "validation", c, 12, 15);
      Stripes.draw(stripes, "test", c, 15, 20);
    }
  }

  private RunDirectory train(String recipe, String name, int threads) {
    return train(recipe, name, threads, false, Progress.NONE);
  }

  private RunDirectory train(
      String recipe, String name, int threads, boolean resume, Progress progress) {
    RunDirectory run = new RunDirectory(folder.resolve(name));
    try (Backend backend = Backends.open("cpu", threads)) {
      RunConfig config = ConfigLoader.parse(recipe, "recipe", RunConfig.class);
      Session session = new Session(backend, threads, progress);
      Trainer.Result result = Training.run(config, stripes, run, resume, session);
      assertTrue(Double.isFinite(result.loss()), recipe);
    }
    return run;
  }

  /** Ends a training in the third step of the second epoch. */
  private static final class Interruption implements Progress {
    @Override
    public Bar start(String task, long total) {
      boolean here = task.startsWith("epoch 2/");
      return new Bar() {
        private long done;

        @Override
        public void advance(long by) {
          done += by;
          if (here && done == 3) {
            throw new IllegalStateException("interrupted");
          }
        }

        @Override
        public void note(String text) {}

        @Override
        public void close() {}
      };
    }

    @Override
    public void say(String line) {}
  }

  private static Evaluation.Result evaluated(RunDirectory run) {
    try (Backend backend = Backends.open("cpu", 1);
        Run opened =
            Run.open(run.path(), Run.Places.unchanged(), new Session(backend, 1, Progress.NONE))) {
      return Evaluation.of(opened, Evaluation.Request.of(Split.TEST));
    }
  }

  /** Or else finding them would prove nothing. */
  @Test
  void anUntrainedNetworkFindsFew() {
    String recipe = RECIPE.formatted("contrastive", "all", 0).replace("0.01", "1e-30");
    double found = evaluated(train(recipe, "untrained", 1)).scores().mean("Recall@1");
    assertTrue(found < 0.5, "Recall@1 " + found);
  }

  @ParameterizedTest
  @CsvSource({
    "multi-similarity, multi-similarity, 0",
    "triplet-margin, semi-hard-triplets, 0",
    "margin, distance-weighted, 0",
    "contrastive, all, 32",
    "arcface, all, 0",
    "curricularface, all, 0",
    "adaface, all, 0",
    "fast-ap, all, 0"
  })
  void kindsThatWereTrainedAreFoundAgain(String loss, String miner, int memory) throws IOException {
    String recipe = RECIPE.formatted(loss, miner, memory);
    RunDirectory run = train(recipe, "one", 1);
    byte[] model = Files.readAllBytes(run.model());
    assertArrayEquals(model, Files.readAllBytes(train(recipe, "two", 2).model()));
    assertThrows(
        IllegalStateException.class,
        () -> train(recipe, "interrupted", 1, false, new Interruption()));
    RunDirectory resumed = train(recipe, "interrupted", 1, true, Progress.NONE);
    assertArrayEquals(model, Files.readAllBytes(resumed.model()), "resumed");
    assertArrayEquals(
        Files.readAllBytes(run.last()), Files.readAllBytes(resumed.last()), "its checkpoint");

    try (Safetensors file = Safetensors.open(run.model())) {
      assertFalse(
          file.tensors().keySet().stream().anyMatch(name -> name.startsWith("model.loss.")),
          "what the loss learned is no part of the model");
    }
    Evaluation.Result result = evaluated(run);
    assertEquals(37, result.gallery());
    assertTrue(result.scores().mean("Recall@1") > 0.7, loss + ": " + result.scores().means());
  }
}
