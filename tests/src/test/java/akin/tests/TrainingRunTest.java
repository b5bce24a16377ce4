package akin.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.app.Main;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.faces.FaceMaker;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Trainer;
import akin.retrieval.train.Training;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run is a function of recipe, data and seed, whatever interrupts it; and it tells what it met.
 */
class TrainingRunTest {
  private static final List<String> TINY =
      List.of(
          "data.width=32",
          "data.height=32",
          "model.widths=[8, 16]",
          "model.embedding=16",
          "model.hidden=32",
          "training.epochs=4",
          "training.batch=32",
          "training.warmup=null");

  @TempDir static Path shared;
  private static Path faces;

  @TempDir Path folder;

  @BeforeAll
  static void drawFaces() {
    faces = shared.resolve("faces");
    new FaceMaker(200, 32, 7).write(faces, 2, done -> {});
  }

  @Test
  void killedAtARandomMomentAndResumedItEndsWithTheSameBytes() throws Exception {
    RunDirectory whole = train("faces", "whole", 2);
    RunDirectory killed = new RunDirectory(folder.resolve("killed"));
    Process process = fork(killed);
    waitFor(killed.last());
    process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    run(recipe("faces", TINY), killed, true, 2);
    assertSameFiles(whole, killed);
  }

  @Test
  void oneAndTwoThreadsGiveTheSameBytes() throws IOException {
    assertSameFiles(train("faces", "one", 1), train("faces", "two", 2));
    assertSameFiles(train("faces-triplets", "one-t", 1), train("faces-triplets", "two-t", 2));
  }

  @Test
  void aRunIsNeverOverwrittenAndNeverResumedWithAnotherRecipe() {
    RunDirectory run = train("faces", "run", 2);
    UserError taken =
        assertThrows(UserError.class, () -> run(recipe("faces", TINY), run, false, 1));
    assertTrue(taken.getMessage().contains("--resume"), taken.getMessage());
    List<String> other = new ArrayList<>(TINY);
    other.add("training.batch=16");
    UserError differs =
        assertThrows(UserError.class, () -> run(recipe("faces", other), run, true, 1));
    assertTrue(differs.getMessage().contains("batch: 32"), differs.getMessage());
    assertTrue(differs.getMessage().contains("batch: 16"), differs.getMessage());
  }

  @Test
  void aLossThatIsNoNumberNamesStepLayerAndPictureAndKeepsTheCheckpoint() throws IOException {
    List<String> wild = new ArrayList<>(TINY);
    wild.add("training.optimizer={kind: sgd, rate: 1.0e+30}");
    wild.add("training.schedule={kind: constant}");
    RunDirectory run = new RunDirectory(folder.resolve("wild"));
    UserError error =
        assertThrows(UserError.class, () -> run(recipe("faces", wild), run, false, 1));
    assertTrue(error.getMessage().contains("epoch 1, step "), error.getMessage());
    assertTrue(error.getMessage().contains(" in image.backbone."), error.getMessage());
    assertTrue(Files.isRegularFile(run.config()), "the recipe is there to be mended");
  }

  @Test
  void attributesThatAreAllEqualAreRefused() throws IOException {
    Path equal = folder.resolve("equal");
    copy(faces, equal);
    Path list = equal.resolve("Anno").resolve("list_attr_celeba.txt");
    List<String> lines = new ArrayList<>(Files.readAllLines(list));
    String values = lines.get(2).substring(lines.get(2).indexOf(' '));
    for (int i = 2; i < lines.size(); i++) {
      lines.set(i, lines.get(i).substring(0, lines.get(i).indexOf(' ')) + values);
    }
    Files.write(list, lines);
    RunConfig recipe = recipe("faces-triplets", TINY).withPath(equal.toString());
    RunDirectory run = new RunDirectory(folder.resolve("run"));
    try (Backend backend = Backends.open("cpu", 1)) {
      UserError error =
          assertThrows(
              UserError.class,
              () ->
                  Training.run(recipe, equal, run, false, new Session(backend, 1, Progress.NONE)));
      assertTrue(error.getMessage().contains("same attributes"), error.getMessage());
    }
  }

  private RunDirectory train(String recipe, String name, int threads) {
    RunDirectory run = new RunDirectory(folder.resolve(name));
    Trainer.Result result = run(recipe(recipe, TINY), run, false, threads);
    assertEquals(4 * 5, result.steps(), "160 training pictures are five batches an epoch");
    return run;
  }

  private static Trainer.Result run(
      RunConfig recipe, RunDirectory run, boolean resume, int threads) {
    try (Backend backend = Backends.open("cpu", threads)) {
      return Training.run(recipe, faces, run, resume, new Session(backend, threads, Progress.NONE));
    }
  }

  private static RunConfig recipe(String name, List<String> overrides) {
    Path file = Path.of(System.getProperty("akin.root"), "configs", name + ".yaml");
    return ConfigLoader.load(file, RunConfig.class, overrides);
  }

  /** Trains in a process of its own, which can be killed. */
  private Process fork(RunDirectory run) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(
        List.of(
            "train", Path.of(System.getProperty("akin.root"), "configs/faces.yaml").toString()));
    command.addAll(List.of("--data", faces.toString(), "--out", run.path().toString()));
    command.addAll(List.of("--threads", "2"));
    TINY.forEach(set -> command.addAll(List.of("--set", set)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(new File(folder.toFile(), "killed.log"))
        .start();
  }

  private static void waitFor(Path file) throws InterruptedException {
    for (int i = 0; i < 6000 && !Files.isRegularFile(file); i++) {
      Thread.sleep(10);
    }
    assertTrue(Files.isRegularFile(file), "the first epoch ends within a minute");
  }

  private static void assertSameFiles(RunDirectory a, RunDirectory b) throws IOException {
    assertArrayEquals(Files.readAllBytes(a.model()), Files.readAllBytes(b.model()));
    assertArrayEquals(Files.readAllBytes(a.last()), Files.readAllBytes(b.last()));
    assertArrayEquals(Files.readAllBytes(a.metrics()), Files.readAllBytes(b.metrics()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
