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
import akin.retrieval.data.Image;
import akin.retrieval.query.Query;
import akin.retrieval.search.QueryEmbedder;
import akin.retrieval.search.QueryForm;
import akin.retrieval.search.Run;
import akin.retrieval.train.RunDirectory;
import akin.retrieval.train.Trainer;
import akin.retrieval.train.Training;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a run goes on, what it keeps, how its rate moves, and shards of its batches. */
class TrainingLoopTest {
  private static final int SIDE = 16;
  private static final String ARCFACE = "objective={kind: metric, loss: arcface}";
  private static final String HELD = "model.frozenStatistics=true";
  private static final String RECIPE =
      """
      seed: 3
      data: {width: 16, height: 16}
      model: {backbone: small, widths: [8, 16], embedding: 8, head: {kind: linear, dropout: 0.2}}
      objective: {kind: classifier}
      training: {epochs: 2, batch: 16, optimizer: {kind: adam, rate: 0.01}}
      """;

  @TempDir static Path spots;
  @TempDir Path folder;

  @BeforeAll
  static void drawSpots() throws IOException {
    for (int c = 0; c < 4; c++) {
      Spots.draw(spots, "train", SIDE, c, 0, 12); // 48 pictures, 3 updates an epoch
      Spots.draw(spots, "validation", SIDE, c, 12, 15);
    }
  }

  private Trainer.Result train(String name, int threads, boolean resume, String... set) {
    return train(name, threads, resume, Progress.NONE, set);
  }

  private Trainer.Result train(
      String name, int threads, boolean resume, Progress progress, String... set) {
    try (Backend backend = Backends.open("cpu", threads)) {
      RunConfig config = recipe(set);
      RunDirectory run = new RunDirectory(folder.resolve(name));
      return Training.run(config, spots, run, resume, new Session(backend, threads, progress));
    }
  }

  private RunConfig recipe(String... set) {
    try {
      Path file = folder.resolve("recipe.yaml");
      Files.writeString(file, RECIPE);
      return ConfigLoader.load(file, RunConfig.class, List.of(set));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<double[]> steps(String name) throws IOException {
    return Files.readAllLines(folder.resolve(name).resolve("steps.csv")).stream()
        .skip(1)
        .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  private double[] rates(String name) throws IOException {
    return steps(name).stream().mapToDouble(row -> row[1]).toArray();
  }

  private Map<String, byte[]> files(String name) throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder.resolve(name))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        all.put(folder.resolve(name).relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return all;
  }

  private void same(String a, String b) throws IOException {
    assertEquals(files(a).keySet(), files(b).keySet());
    for (Map.Entry<String, byte[]> file : files(a).entrySet()) {
      assertArrayEquals(file.getValue(), files(b).get(file.getKey()), file.getKey());
    }
  }

  private void refused(String contains, String... set) {
    String what = String.join(" ", set);
    UserError e = assertThrows(UserError.class, () -> train("refused", 1, false, set), what);
    assertTrue(e.getMessage().contains(contains), e.getMessage());
  }

  // ---- how long ----

  @Test
  void iterationsEndInTheMiddleOfAnEpoch() throws IOException {
    String[] five = {"training.epochs=null", "training.iterations=5"};
    Trainer.Result result = train("five", 1, false, five);
    assertEquals(5, result.steps());
    assertEquals(2, result.history().rows().size());
    assertEquals(5, steps("five").size());
    train("five", 1, true, five); // nothing is left to do
    assertEquals(5, steps("five").size());
    train("whole", 1, false, "training.epochs=2");
    for (int i = 0; i < 5; i++) {
      assertArrayEquals(steps("whole").get(i), steps("five").get(i), "update " + i);
    }
    refused("epochs or iterations is required", "training.iterations=5");
    refused("epochs or iterations is required", "training.epochs=null");
  }

  @Test
  void aRunThatWasCutOffGoesOnWithTheSameRatesAndKeptModels() throws IOException {
    String[] more = {
      "training.keep={steps: 2}",
      "training.schedule={kind: cosine, lowest: 0.001}",
      "training.warmup={kind: linear, epochs: 1}"
    };
    train("whole", 1, false, more);
    // without its checkpoint it begins anew, beside files of updates that it has not done yet
    train("cut", 1, false, more);
    Path last = folder.resolve("cut/checkpoints/last.safetensors");
    Path after = folder.resolve("after.safetensors");
    Files.copy(last, after);
    Files.delete(last);
    train("cut", 1, true, more);
    same("whole", "cut");
    assertArrayEquals(Files.readAllBytes(after), Files.readAllBytes(last));
    train("cut", 1, true, more); // nothing is left to do
    same("whole", "cut");
  }

  @Test
  void modelsAreKeptByEpochsAndUpdatesAndPictures() throws IOException {
    assertEquals(List.of("model-epoch001", "model-epoch002"), kept("a", "{epochs: 1}"));
    assertEquals(
        List.of("model-epoch002", "model-step000002", "model-step000004"), kept("b", "{steps: 2}"));
    assertEquals(List.of("model-epoch002", "model-step000004"), kept("c", "{pictures: 64}"));
    refused("exactly one is needed", "training.keep={steps: 2, epochs: 1}");
    refused("must be at least 1", "training.keep={steps: 0}");
  }

  private List<String> kept(String name, String span) throws IOException {
    train(name, 1, false, "training.keep=" + span);
    assertArrayEquals(
        weights(name, "model.safetensors"),
        weights(name, "checkpoints/model-epoch002.safetensors"));
    return files(name).keySet().stream()
        .filter(file -> file.startsWith("checkpoints/model-"))
        .map(file -> file.substring("checkpoints/".length(), file.indexOf('.')))
        .collect(Collectors.toList());
  }

  private float[] weights(String name, String file) {
    try (Safetensors open = Safetensors.open(folder.resolve(name).resolve(file))) {
      return open.tensor("model.image.head.1.weight").floats();
    }
  }

  // ---- nothing is trained ----

  @Test
  void withoutEpochsTheModelIsLeftAsItBegins() throws IOException {
    List<String> said = new ArrayList<>();
    Trainer.Result result = train("zero", 1, false, said(said), "training.epochs=0");
    assertEquals(0, result.steps());
    assertTrue(said.stream().anyMatch(s -> s.contains("random projection")), said.toString());
    train("first", 1, false, "training.epochs=1", "training.optimizer.rate=1e-30");
    assertArrayEquals(
        weights("first", "model.safetensors"), weights("zero", "model.safetensors"), 1e-6f);
    said.clear();
    train("pool", 1, false, said(said), "training.epochs=0", "model.head={kind: pooling}", ARCFACE);
    assertFalse(said.stream().anyMatch(s -> s.contains("random projection")), said.toString());
  }

  private static Progress said(List<String> lines) {
    return new Progress() {
      @Override
      public Bar start(String what, long total) {
        return Progress.NONE.start(what, total);
      }

      @Override
      public void say(String line) {
        lines.add(line);
      }
    };
  }

  // ---- length ----

  @Test
  void embeddingsOfAnyLengthStayAsTheHeadMakesThem() throws IOException {
    String any = "model.normalize=false";
    train("any", 1, false, any, ARCFACE);
    train("unit", 1, false, ARCFACE);
    float[] free = embedded("any");
    float[] unit = embedded("unit");
    double length = 0;
    for (float x : free) {
      length += (double) x * x;
    }
    assertTrue(Math.abs(length - 1) > 0.01, "length " + Math.sqrt(length));
    for (int i = 0; i < free.length; i++) {
      assertEquals(free[i] / Math.sqrt(length), unit[i], 1e-5, "the direction is the same");
    }
    refused("model.normalize cannot be false", any, "objective={kind: smooth-ap, classes: 4}");
  }

  /** The first picture; and a query of two pictures, which is the mean of theirs. */
  private float[] embedded(String name) throws IOException {
    try (Backend backend = Backends.open("cpu", 1);
        Run run =
            Run.open(
                folder.resolve(name),
                Run.Places.unchanged(),
                new Session(backend, 1, Progress.NONE));
        Stream<Path> files = Files.walk(spots.resolve("train"))) {
      Path first = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
      float[] one = run.embedder().embed(Image.decode(first));
      float[] other = new float[one.length];
      if (!run.config().model().normalize()) {
        QueryEmbedder queries = run.queries(QueryForm.DIFFERENCE);
        Query both = new Query(List.of(new Query.Image("one", 3), new Query.Image("other", 1)));
        float[] mean = queries.embed(both, picture -> picture.equals("one") ? one : other);
        for (int i = 0; i < one.length; i++) {
          assertEquals(0.75 * one[i], mean[i], 1e-6);
        }
        Query none = new Query(List.of(new Query.Image("one", 1), new Query.Image("other", -1)));
        assertThrows(UserError.class, () -> queries.embed(none, picture -> one));
      }
      return one;
    }
  }

  // ---- rates ----

  @Test
  void everyRateIsRecorded() throws IOException {
    train("cosine", 1, false, "training.schedule={kind: cosine, lowest: 0.001}");
    double[] expected = new double[6];
    for (int t = 0; t < 6; t++) {
      expected[t] = 0.001 + 0.009 * (1 + Math.cos(Math.PI * t / 6)) / 2;
    }
    assertArrayEquals(expected, rates("cosine"), 1e-15);
    train("epochs", 1, false, "training.schedule={kind: cosine, lowest: 0.001, by: epoch}");
    assertArrayEquals(
        new double[] {0.01, 0.01, 0.01, 0.0055, 0.0055, 0.0055}, rates("epochs"), 1e-15);
    train("pictures", 1, false, "training.warmup={kind: linear, pictures: 64}");
    assertArrayEquals(
        new double[] {0.0025, 0.005, 0.0075, 0.01, 0.01, 0.01}, rates("pictures"), 1e-15);
    train("exponential", 1, false, "training.schedule={kind: exponential, factor: 0.5}");
    assertArrayEquals(
        new double[] {0.01, 0.01, 0.01, 0.005, 0.005, 0.005}, rates("exponential"), 1e-15);
    train("line", 1, false, "training.schedule={kind: polynomial}");
    assertEquals(0.01 / 6, rates("line")[5], 1e-15);
    train("cycle", 1, false, "training.schedule={kind: one-cycle, rise: 0.5}");
    assertEquals(0.01, rates("cycle")[2], 1e-15);
    refused("exactly one is needed", "training.warmup={steps: 2, epochs: 1}");
  }

  // ---- sharpness ----

  @Test
  void twoPassesLearnAndMoveStatisticsOnce() throws IOException {
    String sam = "training.optimizer={kind: adamw, rate: 0.01, sharpness: {radius: 0.05}}";
    train("one", 1, false, "training.optimizer={kind: adamw, rate: 0.01}");
    train("sam", 1, false, sam);
    train("two", 2, false, sam);
    same("sam", "two");
    double[] first = steps("one").get(0);
    assertArrayEquals(first, steps("sam").get(0), "the loss is that of the first pass");
    assertTrue(steps("sam").get(5)[2] < first[2], "it learns");
    try (Safetensors file = Safetensors.open(folder.resolve("sam/model.safetensors"))) {
      String counter =
          file.tensors().keySet().stream()
              .filter(n -> n.endsWith("num_batches_tracked"))
              .findFirst()
              .orElseThrow();
      assertTrue(file.tensor(counter).longs()[0] <= 6, "a batch counts once");
    }
  }

  /** So near that weights do not move by a bit, both passes give the same gradient. */
  @Test
  void bothPassesCompareWithTheSameMemory() throws IOException {
    String memory = "objective={kind: metric, loss: contrastive, classes: 4, memory: 40}";
    String[] plain = {memory, "objective.samples=4", "training.optimizer={kind: sgd}"};
    String[] sam = plain.clone();
    sam[2] = "training.optimizer={kind: sgd, sharpness: {radius: 1e-30}}";
    train("plain", 1, false, plain);
    train("near", 1, false, sam);
    for (int i = 0; i < steps("plain").size(); i++) {
      assertArrayEquals(steps("plain").get(i), steps("near").get(i), "update " + i);
    }
  }

  @Test
  void theLastModelIsKeptThoughTrainingEndsEarly() throws IOException {
    String[] still = {
      "training.optimizer={kind: sgd, rate: 1e-30}",
      "training.epochs=9",
      "training.stopAfter=2",
      "training.keep={epochs: 5}",
      HELD
    };
    long done = train("still", 1, false, still).steps();
    assertTrue(done < 9 * 3, "it ended early");
    assertEquals(1, kept("still").size(), kept("still").toString());
    byte[] before = Files.readAllBytes(kept("still").get(0));
    train("still", 1, true, still);
    assertArrayEquals(before, Files.readAllBytes(kept("still").get(0)));
  }

  private List<Path> kept(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name).resolve("checkpoints"))) {
      return files.filter(f -> f.getFileName().toString().startsWith("model-")).toList();
    }
  }

  // ---- shards ----

  @ParameterizedTest
  @ValueSource(strings = {"objective={kind: classifier}", ARCFACE})
  void shardsGiveTheSameBitsOnAnyNumberOfThreads(String objective) throws IOException {
    String[] cut = {objective, HELD, "training.shards=3", "model.head.dropout=0"};
    train("one", 1, false, cut);
    for (int threads : new int[] {2, 4}) {
      train("t" + threads, threads, false, cut);
      same("one", "t" + threads);
    }
    train("whole", 1, false, objective, HELD, "model.head.dropout=0");
    // without noise the gradient is the same but for rounding, and so is the path for a while
    for (int i = 0; i < 3; i++) {
      assertEquals(steps("whole").get(i)[2], steps("one").get(i)[2], 1e-3, "update " + i);
    }
  }

  @Test
  void whatLooksAtTheWholeBatchIsNotCut() {
    String three = "training.shards=3";
    refused("batch norm cannot be cut", three);
    refused("compares the samples", three, HELD, "objective={kind: all-triplets, classes: 4}");
    for (String loss : List.of("multi-similarity", "adacos", "curricularface", "manifold")) {
      refused(
          "compares the samples",
          three,
          HELD,
          "objective={kind: metric, classes: 4, loss: " + loss + "}");
    }
    refused(
        "compares the samples",
        three,
        HELD,
        "objective={kind: metric, loss: arcface, reducer: sum}");
  }
}
