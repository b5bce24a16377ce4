package akin.retrieval.train;

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
import akin.retrieval.config.TrainingConfig;
import akin.retrieval.data.Split;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Run;
import akin.tensor.RandomStream;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Combined global descriptors as a recipe, on pictures of four kinds of spots. */
class DescriptorTrainingTest {
  private static final int SIDE = 16;
  private static final String RECIPE =
      """
      seed: 3
      data:
        width: 16
        mirror: true
        augmentation:
          - kind: some-of
            of: [{kind: greyscale}, {kind: translate}, {kind: rotate}]
      model:
        backbone: small
        widths: [8, 16]
        embedding: 12
        head: {kind: descriptors, combination: SMG, p: 3, learnt: true}
      objective:
        kind: metric
        loss: batch-hard-soft-margin
        sampler: epoch
        classes: 3
        samples: 4
        auxiliary: {reads: descriptor}
      training:
        epochs: 4
        optimizer: {kind: adam, rate: 0.01}
        schedule: {kind: plateau, patience: 1}
        monitor: position
      """;

  @TempDir static Path spots;
  @TempDir Path folder;

  @BeforeAll
  static void drawSpots() throws IOException {
    for (int c = 0; c < 4; c++) {
      draw("train", c, 0, 12);
      draw("validation", c, 12, 16);
      draw("test", c, 16, 20);
    }
  }

  private static void draw(String split, int c, int from, int to) throws IOException {
    Path pictures = Files.createDirectories(spots.resolve(split).resolve("kind" + c));
    for (int i = from; i < to; i++) {
      RandomStream draws = RandomStream.of(c, "spot").child(i);
      BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
      int place = 4 + draws.below(1000, 8);
      for (int k = 0; k < SIDE * SIDE; k++) {
        boolean spot = Math.hypot(k % SIDE - place, k / SIDE - place) < 1.5 + c;
        picture.setRGB(k % SIDE, k / SIDE, (spot ? 0xc0 : 0x20) * 0x10101 + draws.below(k, 0x20));
      }
      ImageIO.write(picture, "png", pictures.resolve(i + ".png").toFile());
    }
  }

  private static RunConfig recipe(String... changes) throws IOException {
    Path file = Files.createTempFile("recipe", ".yaml");
    try {
      Files.writeString(file, RECIPE);
      return ConfigLoader.load(file, RunConfig.class, List.of(changes));
    } finally {
      Files.delete(file);
    }
  }

  private RunDirectory train(RunConfig config, String name, int threads, boolean resume) {
    RunDirectory run = new RunDirectory(folder.resolve(name));
    try (Backend backend = Backends.open("cpu", threads)) {
      Training.run(config, spots, run, resume, new Session(backend, threads, Progress.NONE));
    }
    return run;
  }

  /** Stops after so many epochs as if the process had been killed, and goes on. */
  private RunDirectory interrupted(RunConfig config, String name, int epochs) throws IOException {
    RunDirectory run = new RunDirectory(folder.resolve(name));
    try (Backend backend = Backends.open("cpu", 2)) {
      Progress killed =
          new Progress() {
            private int said;

            @Override
            public Bar start(String task, long total) {
              return Progress.NONE.start(task, total);
            }

            @Override
            public void say(String line) {
              if (line.startsWith("epoch") && ++said > epochs) {
                throw new IllegalStateException("killed");
              }
            }
          };
      Session session = new Session(backend, 2, killed);
      assertThrows(
          IllegalStateException.class, () -> Training.run(config, spots, run, false, session));
    }
    return train(config, name, 2, true);
  }

  @Test
  void anyNumberOfThreadsAndAnyInterruptionGiveTheSameBytes() throws IOException {
    RunDirectory whole = train(recipe(), "whole", 1, false);
    RunDirectory parted = interrupted(recipe(), "parted", 2);
    assertArrayEquals(Files.readAllBytes(whole.model()), Files.readAllBytes(parted.model()));
    assertArrayEquals(Files.readAllBytes(whole.last()), Files.readAllBytes(parted.last()));
    assertArrayEquals(Files.readAllBytes(whole.metrics()), Files.readAllBytes(parted.metrics()));
  }

  @Test
  void soDoMemorySharpnessAndAnEndWithinAnEpoch() throws IOException {
    String[] all = {
      "objective.memory=30",
      "objective.beside={intra-pair-variance: 0.5}",
      "training.optimizer={kind: adamw, rate: 0.01, sharpness: {adaptive: true}}",
      "training.epochs=null",
      "training.iterations=15",
      "training.steps=4",
      "training.warmup={steps: 5}",
      "training.keep={pictures: 60}"
    };
    RunDirectory whole = train(recipe(all), "whole", 1, false);
    RunDirectory parted = interrupted(recipe(all), "parted", 2);
    assertArrayEquals(Files.readAllBytes(whole.model()), Files.readAllBytes(parted.model()));
    assertArrayEquals(Files.readAllBytes(whole.last()), Files.readAllBytes(parted.last()));
    assertArrayEquals(Files.readAllBytes(whole.steps()), Files.readAllBytes(parted.steps()));
  }

  @Test
  void theClassifierIsInTheCheckpointAndNotInTheModel() throws IOException {
    RunDirectory run = train(recipe(), "run", 2, false);
    assertTrue(
        names(run.last()).stream().anyMatch(n -> n.contains("loss.auxiliary.layers.1.weight")));
    assertFalse(names(run.model()).stream().anyMatch(n -> n.contains("auxiliary")));
    assertTrue(names(run.model()).contains("model.image.head.global_descriptors.2.p"));
    try (Backend backend = Backends.open("cpu", 2);
        Run opened =
            Run.open(run.path(), Run.Places.unchanged(), new Session(backend, 2, Progress.NONE))) {
      Evaluation.Result result = Evaluation.of(opened, Evaluation.Request.of(Split.TEST));
      // 15 others, 3 of the kind: a random ranking has 0.2
      assertTrue(result.scores().mean("Recall@1") > 0.6, result.scores().means().toString());
    }
  }

  private static Set<String> names(Path file) {
    try (Safetensors tensors = Safetensors.open(file)) {
      return Set.copyOf(tensors.tensors().keySet());
    }
  }

  @Test
  void trainingEndsOnceNothingGetsBetterAndStaysEnded() throws IOException {
    String[] still = {
      "training.optimizer={kind: sgd, rate: 1e-30}",
      "model.frozenStatistics=true",
      "training.stopAfter=2",
      "training.epochs=9"
    };
    RunDirectory run = train(recipe(still), "still", 2, false);
    assertEquals(1 + 3, Files.readAllLines(run.metrics()).size(), "a line of names, epochs 1 to 3");
    assertTrue(run.bests().get(0).getFileName().toString().startsWith("best-epoch001-position"));
    byte[] last = Files.readAllBytes(run.last());
    train(recipe(still), "still", 2, true);
    assertArrayEquals(last, Files.readAllBytes(run.last()), "resuming trains no further");
  }

  @Test
  void thePositionIsWatchedAndDecides() throws IOException {
    RunDirectory run = train(recipe(), "run", 2, false);
    List<String> lines = Files.readAllLines(run.metrics());
    List<String> columns = List.of(lines.get(0).split(","));
    int column = columns.indexOf("validation_position");
    double best = Double.POSITIVE_INFINITY;
    int epoch = 0;
    for (String line : lines.subList(1, lines.size())) {
      double position = Double.parseDouble(line.split(",")[column]);
      // 12 pictures: 4 of a class at 0 to 3 is best, at 8 to 11 behind all others worst
      assertTrue(position >= 1.5 && position <= 7.5, line);
      if (position < best) {
        best = position;
        epoch = Integer.parseInt(line.split(",")[0]);
      }
    }
    assertEquals(run.best(epoch, TrainingConfig.Monitor.POSITION, best), run.bests().get(0));
  }

  @Test
  void otherHeadsReadMapsAndHaveClassifiersToo() throws IOException {
    for (String change :
        List.of(
            "model.head={kind: flat}",
            "model.head={kind: linear}",
            "model.head={kind: descriptors, combination: G}")) {
      for (String reads : List.of("descriptor", "embedding")) {
        RunConfig config =
            recipe(
                change,
                "training.epochs=1",
                "objective.auxiliary={hidden: 6, reads: " + reads + "}");
        RunDirectory run = train(config, change.hashCode() + reads, 2, false);
        assertFalse(names(run.model()).stream().anyMatch(n -> n.contains("auxiliary")), change);
        try (Backend backend = Backends.open("cpu", 2)) {
          ModelFile.read(run.model(), backend).model().close();
        }
      }
    }
  }

  @Test
  void aShareOfTheTrainingPicturesIsHeldOut() throws IOException {
    assertThrows(
        UserError.class,
        () -> train(recipe("data.validation=0.25"), "two", 2, false),
        "there are validation pictures already");
    Path only = folder.resolve("only");
    for (int c = 0; c < 4; c++) {
      Path kind = Files.createDirectories(only.resolve("train/kind" + c));
      for (int i = 0; i < 12; i++) {
        Files.copy(spots.resolve("train/kind" + c + "/" + i + ".png"), kind.resolve(i + ".png"));
      }
    }
    RunDirectory run = new RunDirectory(folder.resolve("held"));
    try (Backend backend = Backends.open("cpu", 2)) {
      Session session = new Session(backend, 2, Progress.NONE);
      Training.run(recipe("data.validation=0.25", "training.epochs=1"), only, run, false, session);
    }
    String[] columns = Files.readAllLines(run.metrics()).get(0).split(",");
    String[] cells = Files.readAllLines(run.metrics()).get(1).split(",", -1);
    assertFalse(cells[List.of(columns).indexOf("validation_position")].isEmpty());
    try (Backend backend = Backends.open("cpu", 2);
        Run opened =
            Run.open(run.path(), Run.Places.unchanged(), new Session(backend, 2, Progress.NONE))) {
      assertEquals(12, opened.pictures(Split.VALIDATION).size(), "a quarter of 48");
      assertEquals(36, opened.pictures(Split.TRAIN).size(), "the others");
    }
  }

  @Test
  void aPositionThatNoBatchHasIsTold() throws IOException {
    Path single = folder.resolve("single");
    for (int c = 0; c < 4; c++) {
      Path kind = Files.createDirectories(single.resolve("validation/kind" + c));
      Files.copy(spots.resolve("validation/kind" + c + "/12.png"), kind.resolve("12.png"));
      Path train = Files.createDirectories(single.resolve("train/kind" + c));
      for (int i = 0; i < 4; i++) {
        Files.copy(spots.resolve("train/kind" + c + "/" + i + ".png"), train.resolve(i + ".png"));
      }
    }
    RunDirectory run = new RunDirectory(folder.resolve("positions"));
    RunConfig config = recipe("objective.sampler=shuffle", "training.batch=8");
    try (Backend backend = Backends.open("cpu", 2)) {
      Session session = new Session(backend, 2, Progress.NONE);
      UserError e =
          assertThrows(UserError.class, () -> Training.run(config, single, run, false, session));
      assertTrue(e.getMessage().contains("training.monitor: position"), e.getMessage());
    }
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    refused("ranks no batches by class", "objective={kind: classifier}");
    refused("embedding must be the same number for each of 3 branches", "model.embedding=10");
    refused("S (SPoC, mean)", "model.head={kind: descriptors, combination: SX}");
    refused("degrees must lie between", "data.augmentation=[{kind: rotate, degrees: 500}]");
    refused("temperature must be a number above 0", "objective.auxiliary.temperature=0");
    refused("data.augmentation[0] is empty", "data.augmentation=[null]");
    refused(
        "training.schedule.epochs[1] is empty",
        "training.schedule={kind: multi-step, epochs: [1, null]}");
    refused("data.augmentation[0].kind cannot be blur", "data.augmentation=[{kind: blur}]");
  }

  private static void refused(String reason, String change) {
    UserError error = assertThrows(UserError.class, () -> recipe(change), change);
    assertTrue(error.getMessage().contains(reason), error.getMessage());
  }
}
