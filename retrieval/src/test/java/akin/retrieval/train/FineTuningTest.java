package akin.retrieval.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.StateDict;
import akin.nn.io.Safetensors;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Split;
import akin.retrieval.model.Models;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.search.Embedder;
import akin.retrieval.search.Evaluation;
import akin.retrieval.search.Run;
import akin.tensor.Scope;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.UserError;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a weight file over features and heads to a network that is trained whole. */
class FineTuningTest {
  private static final String NO_FILE = "model.weights=null";
  private static final String NO_FIT = "data.fit=null";

  @TempDir static Path shared;
  private static Backend backend;
  private static TinyBackbone tiny;

  @TempDir Path folder;

  @BeforeAll
  static void extractAndTrainHeads() {
    backend = Backends.open("cpu", 2);
    tiny = TinyBackbone.make(shared, new Session(backend, 2, Progress.NONE));
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static Session session() {
    return new Session(backend, 2, Progress.NONE);
  }

  private RunDirectory train(String name, RunConfig recipe) {
    RunDirectory run = new RunDirectory(folder.resolve(name));
    Training.run(recipe, tiny.faces(), run, false, session());
    return run;
  }

  private static Map<String, float[]> weights(Path model) {
    Map<String, float[]> all = new TreeMap<>();
    try (Safetensors file = Safetensors.open(model)) {
      file.tensors()
          .forEach(
              (name, entry) -> {
                if (entry.type().isFloating()) {
                  all.put(name.substring(name.indexOf('.') + 1), entry.floats());
                }
              });
    }
    return all;
  }

  // ---- warm start ----

  @Test
  void beforeTheFirstStepEmbeddingsAreThoseOfTheHeads() {
    beginsWith(tiny.heads(), tiny.fineTuning("data.path=" + tiny.faces()));
  }

  /** The way of configs/products-queries.yaml: its head standardises features. */
  @Test
  void headsThatStandardiseGoOnToo() {
    String head = "model.head={kind: hidden, width: 16, standardize: true}";
    String objective = "objective={kind: partial-queries}";
    RunDirectory heads = new RunDirectory(folder.resolve("heads"));
    tiny.trainHeads(heads, session(), head, objective);
    RunConfig recipe =
        tiny.fineTuning(head, objective, "model.from=" + heads.path(), "data.path=" + tiny.faces());
    beginsWith(heads, recipe);

    RunDirectory tuned = train("tuned", recipe);
    Map<String, float[]> before = weights(heads.model());
    Map<String, float[]> after = weights(tuned.model());
    for (String figures : List.of("image.standardize.mean", "image.standardize.scale")) {
      assertArrayEquals(before.get(figures), after.get(figures), figures);
    }
    try (Run opened = Run.open(tuned.path(), Run.Places.unchanged(), session())) {
      assertEquals(tiny.count(), Evaluation.of(opened, Evaluation.Request.of(Split.ALL)).gallery());
    }
    train("again", tiny.fineTuning(head, objective, "model.from=" + tuned.path(), NO_FILE, NO_FIT));
    refused(tiny.fineTuning(head, "model.from=null"), "standardise", "model.from");
  }

  private static void beginsWith(RunDirectory earlier, RunConfig recipe) {
    Beginning beginning = new Beginning(recipe);
    Dataset pictures = Datasets.open(tiny.faces(), Datasets.Layout.CELEBA);
    RunConfig config = beginning.config();
    float[] bits = {1, 0, 1, 0, 1, 0, 0, 1};
    int attributes = pictures.attributes().orElseThrow().count();
    try (RetrievalModel model = Models.create(config, attributes, 0, 0);
        Run heads = Run.open(earlier.path(), Run.Places.unchanged(), session())) {
      model.networks().initialise(backend, config.seed());
      beginning.into(model, Progress.NONE);
      float[] whole =
          new Embedder(model, config.data().preprocessing(), null, session()).embed(pictures);
      float[] features = heads.embedder().embed(heads.pictures(Split.ALL));
      assertArrayEquals(features, whole, 2e-6f);
      model.networks().eval();
      try (Scope scope = Scope.open(backend)) {
        int width = config.objective() instanceof ObjectiveConfig.PartialQueries ? 2 : 1;
        float[] query = Arrays.copyOf(bits, width * attributes);
        Tensor asked = Tensor.of(Shape.of(1, query.length), query);
        assertArrayEquals(
            heads.model().model().query(asked).toFloats(), model.query(asked).toFloats());
      }
    }
  }

  @Test
  void aRunGoesOnFromARunOfTheSameModel() throws IOException {
    RunDirectory first = train("first", tiny.fineTuning());
    List<String> keys =
        List.of(
            "model.from=" + first.path(),
            NO_FILE,
            NO_FIT,
            "model.freeze=[image, query]",
            "model.unfreeze=[query.0.bias]");
    RunDirectory second = train("second", tiny.fineTuning(keys.toArray(String[]::new)));
    Map<String, float[]> before = weights(first.model());
    Map<String, float[]> after = weights(second.model());
    for (String name : before.keySet()) {
      if (name.startsWith("image.")) {
        assertArrayEquals(before.get(name), after.get(name), name);
      }
    }
    String config = Files.readString(second.config());
    assertTrue(config.contains("fit: \"stretch\""), "taken over from the first run: " + config);
    assertTrue(config.contains(tiny.line()), config);
  }

  // ---- what the card decides ----

  @Test
  void theCardFillsInWhatTheRecipeLeavesAway() throws IOException {
    RunDirectory run = train("run", tiny.fineTuning());
    RunConfig written = ConfigLoader.load(run.config(), RunConfig.class, List.of());
    assertEquals(tiny.line(), written.model().backbone(), "the recipe says mobilenet_v2 alone");
    assertEquals(
        "size=32x32 fit=stretch filter=bilinear channels=3 divisor=127.5 mean=1.0,1.0,1.0"
            + " std=1.0,1.0,1.0",
        written.data().preprocessing().id(),
        "as the card, but framed as the recipe says");
    assertTrue(written.model().frozenStatistics());
  }

  @Test
  void aModelIsWholeWithoutItsWeightFile() throws IOException {
    Path weights = Files.copy(tiny.weights(), folder.resolve("w.safetensors"));
    RunDirectory run = train("run", tiny.fineTuning("model.weights=" + weights));
    Files.delete(weights);
    try (Run opened = Run.open(run.path(), Run.Places.unchanged(), session())) {
      Evaluation.Result result = Evaluation.of(opened, Evaluation.Request.of(Split.ALL));
      assertEquals(tiny.count(), result.gallery());
      Dataset all = opened.pictures(Split.ALL);
      float[] rows = opened.embedder().embed(all);
      float[] one = opened.embedder().embed(all.image(3));
      assertArrayEquals(Arrays.copyOfRange(rows, 3 * one.length, 4 * one.length), one, 2e-6f);
    }
  }

  // ---- what learns ----

  @Test
  void heldStatisticsAndFrozenWeightsStayBitForBit() {
    RunDirectory run =
        train("run", tiny.fineTuning("model.freeze=[image.backbone.features.0, '*.18.1']"));
    Map<String, float[]> after = weights(run.model());
    int moved = 0;
    for (Map.Entry<String, float[]> weight : stateDict().entrySet()) {
      String name = weight.getKey();
      boolean frozen = name.startsWith("features.0.") || name.startsWith("features.18.1.");
      boolean still = frozen || name.contains("running_");
      float[] now = after.get("image.backbone." + name);
      if (still) {
        assertArrayEquals(weight.getValue(), now, name);
      } else {
        moved += Arrays.equals(weight.getValue(), now) ? 0 : 1;
      }
    }
    assertTrue(moved > 100, moved + " weights moved");
  }

  private static Map<String, float[]> stateDict() {
    Map<String, float[]> all = new TreeMap<>();
    try (Safetensors file = Safetensors.open(tiny.weights())) {
      StateDict.of(file, "")
          .values()
          .forEach(
              (name, value) -> {
                if (!name.endsWith("num_batches_tracked")) {
                  double[] wide = value.doubles();
                  float[] narrow = new float[wide.length];
                  for (int i = 0; i < wide.length; i++) {
                    narrow[i] = (float) wide[i];
                  }
                  all.put(name, narrow);
                }
              });
    }
    return all;
  }

  @Test
  void statisticsThatAreNotHeldMove() {
    RunDirectory run = train("run", tiny.fineTuning("model.frozenStatistics=false"));
    String name = "features.0.1.running_mean";
    float[] before = stateDict().get(name);
    float[] after = weights(run.model()).get("image.backbone." + name);
    assertEquals(before.length, after.length);
    assertFalse(Arrays.equals(before, after), name);
  }

  /** After one step of plain descent a weight has moved by −factor·rate·gradient. */
  @Test
  void rateFactorsScaleTheStepsOfTheirParts() {
    String sgd = "training.optimizer={kind: sgd, rate: 100, momentum: 0}";
    RunDirectory full = train("full", tiny.fineTuning(sgd, "training.steps=1"));
    RunDirectory tenth =
        train(
            "tenth",
            tiny.fineTuning(
                sgd, "training.steps=1", "training.rates={image.backbone: 0.25, '*.18.0': 1}"));
    Map<String, float[]> start = stateDict();
    float[] first = start.get("features.0.0.weight");
    double whole = length(first, weights(full.model()).get("image.backbone.features.0.0.weight"));
    double part = length(first, weights(tenth.model()).get("image.backbone.features.0.0.weight"));
    assertTrue(whole > 1e-6, "it moved by " + whole);
    assertEquals(0.25, part / whole, 1e-2, "rounded to floats after");
    for (String same : List.of("image.backbone.features.18.0.weight", "image.head.weight")) {
      assertArrayEquals(weights(full.model()).get(same), weights(tenth.model()).get(same), same);
    }
  }

  private static double length(float[] from, float[] to) {
    double sum = 0;
    for (int i = 0; i < from.length; i++) {
      sum += Math.pow((double) to[i] - from[i], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void stoppedAndResumedItEndsWithTheSameBytes() throws IOException {
    RunConfig recipe = tiny.fineTuning("training.epochs=2", "training.rates={image.backbone: 0.1}");
    RunDirectory whole = train("whole", recipe);
    RunDirectory stopped = new RunDirectory(folder.resolve("stopped"));
    Session fails = new Session(backend, 2, new StopsAt("epoch 2/2"));
    assertThrows(
        StopsAt.Stop.class, () -> Training.run(recipe, tiny.faces(), stopped, false, fails));
    Training.run(recipe, tiny.faces(), stopped, true, session());
    assertArrayEquals(Files.readAllBytes(whole.model()), Files.readAllBytes(stopped.model()));
    assertArrayEquals(Files.readAllBytes(whole.last()), Files.readAllBytes(stopped.last()));
    assertArrayEquals(Files.readAllBytes(whole.metrics()), Files.readAllBytes(stopped.metrics()));
  }

  /** Fails when a task begins. */
  private record StopsAt(String task) implements Progress {
    private static final class Stop extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }

    @Override
    public Bar start(String begun, long total) {
      if (begun.equals(task)) {
        throw new Stop();
      }
      return NONE.start(begun, total);
    }

    @Override
    public void say(String line) {}
  }

  // ---- mistakes ----

  private void refused(RunConfig recipe, String... parts) {
    RunDirectory run = new RunDirectory(folder.resolve("refused"));
    UserError error =
        assertThrows(
            UserError.class, () -> Training.run(recipe, tiny.faces(), run, false, session()));
    for (String part : parts) {
      assertTrue(error.getMessage().contains(part), part + " in " + error.getMessage());
    }
    assertFalse(Files.exists(run.model()));
  }

  @Test
  void aRecipeThatContradictsTheCardIsRefusedWithBothValues() {
    refused(
        tiny.fineTuning("data.mean=[0.485, 0.456, 0.406]"),
        "data.mean",
        "the recipe says [0.485, 0.456, 0.406]",
        "needs [1.0, 1.0, 1.0]");
    refused(tiny.fineTuning("data.filter=bicubic"), "says BICUBIC", "needs BILINEAR");
    refused(
        tiny.fineTuning("model.backbone=mobilenet_v2 padding=same width=0.5"),
        tiny.line(),
        "width=0.5");
    refused(tiny.fineTuning("model.backbone=resnet18"), tiny.line(), "resnet18");
  }

  @Test
  void weightsOfAnotherArchitectureAreRefused() {
    Path file = tiny.withoutCard(folder.resolve("nameless.safetensors"));
    List<String> told =
        new ArrayList<>(
            List.of(
                "model.weights=" + file,
                "model.from=null",
                "data.width=32",
                "data.mean=[1, 1, 1]",
                "data.std=[1, 1, 1]",
                "data.divisor=127.5"));
    RunConfig right = tiny.fineTuning(with(told, "model.backbone=" + tiny.line()));
    train("right", right);
    refused(
        tiny.fineTuning(with(told, "model.backbone=mobilenet_v2 width=0.5")),
        "does not fit",
        "size mismatch for features.0.0.weight",
        file.toString());
    refused(
        tiny.fineTuning(with(told, "model.backbone=resnet18")),
        "missing key(s): \"conv1.weight\"",
        "unexpected key(s): \"features.0.0.weight\"");
    refused(
        tiny.fineTuning("model.weights=" + file, "model.backbone=" + tiny.line()),
        "does not say how its network's pictures are prepared");
  }

  private static String[] with(List<String> keys, String more) {
    List<String> all = new ArrayList<>(keys);
    all.add(more);
    return all.toArray(String[]::new);
  }

  @Test
  void headsOfAnotherBeginningAreRefused() throws IOException {
    refused(
        tiny.fineTuning("data.fit=central0.875"),
        "another preprocessing",
        "fit=stretch",
        "fit=central0.875");
    refused(tiny.fineTuning("data.width=64"), "another preprocessing", "size=32x32", "size=64x64");
    refused(
        tiny.fineTuning("model.weights=" + tiny.others(folder.resolve("others.safetensors"))),
        "another weight file");
    refused(tiny.fineTuning("model.weights=null"), "heads alone", tiny.line(), "model.weights");
    refused(tiny.fineTuning("model.embedding=7"), "size mismatch for image.head.weight");
    refused(tiny.fineTuning("model.from=" + folder.resolve("none")), "no finished run");
    RunConfig recipe = tiny.fineTuning();
    Path renamed = tiny.renamedAttribute(folder.resolve("renamed"));
    UserError error =
        assertThrows(
            UserError.class,
            () ->
                Training.run(
                    recipe, renamed, new RunDirectory(folder.resolve("r")), false, session()));
    assertTrue(
        error.getMessage().contains("number 0 is 5_o_Clock_Shadow there, Renamed in"),
        error.getMessage());
  }

  @Test
  void patternsThatMatchNothingAndFreezingAllAreRefused() {
    refused(
        tiny.fineTuning("model.freeze=[image.backbone.featurs]"),
        "model.freeze: no weight of the network is called 'image.backbone.featurs'",
        "did you mean image.backbone.features?");
    refused(tiny.fineTuning("training.rates={image.haed: 2}"), "training.rates: ", "image.head?");
    refused(tiny.fineTuning("model.freeze=['*']"), "every weight is frozen");
  }
}
