package akin.retrieval.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akin.nn.Layer;
import akin.retrieval.Progress;
import akin.retrieval.Session;
import akin.retrieval.config.ConfigLoader;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Image;
import akin.retrieval.data.ImageCodec;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.backend.Backend;
import akin.tensor.backend.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a training is what the trainer learns from. */
class TrainingBatchesTest {
  private static final int SIDE = 32;
  private static final String COMMON =
      """
      data: {layout: folder, width: 32, height: 32, mirror: true, shift: 3}
      model: {backbone: small, widths: [4], embedding: 4}
      """;
  private static final String METRIC =
      COMMON
          + """
            objective: {kind: metric, loss: triplet-margin, classes: 3, samples: 4}
            training: {epochs: 2, steps: 2}
            """;
  private static final String SHARDS =
      COMMON
          + """
            objective: {kind: classifier}
            training: {epochs: 2, batch: 7, shards: 2}
            """;

  @TempDir static Path shared;
  private static Backend backend;

  @TempDir Path folder;

  @BeforeAll
  static void drawNoise() throws IOException {
    backend = Backends.open("cpu", 1);
    for (int i = 0; i < 24; i++) {
      RandomStream noise = RandomStream.of(i, "noise");
      byte[] bytes = new byte[3 * SIDE * SIDE];
      for (int b = 0; b < bytes.length; b++) {
        bytes[b] = (byte) noise.below(b, 256);
      }
      Path kind = Files.createDirectories(shared.resolve("train/kind" + i % 4));
      Files.write(kind.resolve(i + ".png"), ImageCodec.png(new Image(SIDE, SIDE, 3, bytes)));
    }
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static Session session() {
    return new Session(backend, 1, Progress.NONE);
  }

  private RunConfig recipe(String text) throws IOException {
    Path file = folder.resolve("recipe.yaml");
    Files.writeString(file, text);
    return ConfigLoader.load(file, RunConfig.class, List.of());
  }

  /** A picture that the trainer learned from, as numbers. */
  private record Seen(int picture, float[] input) {}

  /** Everything that a training learns from, in order. */
  private List<Seen> trained(RunConfig recipe) {
    RunConfig config = Training.told(recipe, shared);
    Dataset all = config.data().open(config.seed());
    TrainingData data = Training.prepare(config, all, session(), true);
    List<Seen> seen = new ArrayList<>();
    try (RetrievalModel model = Training.model(config, all)) {
      Objective objective = Training.objective(config, model, data);
      model.networks().initialise(backend, config.seed());
      RunDirectory run = new RunDirectory(folder.resolve("run"));
      new Trainer(config, run, model, new Watched(objective, data, seen), data, Progress.NONE)
          .train(false);
    }
    return seen;
  }

  private void assertShown(RunConfig recipe, int updates) {
    List<Seen> seen = trained(recipe);
    Preprocessing preprocessing = recipe.data().preprocessing();
    int at = 0;
    try (TrainingBatches batches = TrainingBatches.ofRecipe(recipe, shared, session())) {
      for (int update = 0; update < updates; update++) {
        TrainingBatches.Batch batch = batches.batch(update);
        assertEquals(batch.pictures().length, batch.images().size());
        for (int i = 0; i < batch.pictures().length; i++, at++) {
          assertEquals(seen.get(at).picture, batch.pictures()[i], "update " + update);
          float[] input = new float[preprocessing.length()];
          preprocessing.normalize(batch.images().get(i), input, 0);
          assertArrayEquals(seen.get(at).input, input, "update " + update + ", picture " + i);
        }
      }
    }
    assertEquals(seen.size(), at, "no batch is left out");
  }

  @Test
  void picturesShownAreThoseLearnedFrom() throws IOException {
    assertShown(recipe(METRIC), 4);
  }

  @Test
  void curatedPicturesAreShown() throws IOException {
    String dropped = "data: {curation: {classes: 3}, ";
    assertShown(recipe(METRIC.replace("data: {", dropped)), 4);
  }

  @Test
  void theFirstOfTwoViewsIsShown() throws IOException {
    String views = METRIC.replace("triplet-margin", "vicreg");
    RunConfig config = Training.told(recipe(views), shared);
    TrainingData data =
        Training.prepare(config, config.data().open(config.seed()), session(), false);
    Preprocessing preprocessing = config.data().preprocessing();
    try (TrainingBatches batches = TrainingBatches.ofRecipe(config, shared, session());
        Scope scope = Scope.open(backend)) {
      TrainingBatches.Batch batch = batches.batch(1);
      RandomStream first = data.augmentation(0, 1).child("one");
      float[] inputs = data.train().augmented(first, batch.pictures()).toFloats();
      for (int i = 0; i < batch.images().size(); i++) {
        Image view = preprocessing.picture(inputs, i * preprocessing.length());
        assertEquals(view, batch.images().get(i), "picture " + i);
      }
    }
  }

  @Test
  void shardsAreShownAsEachOfThemIsChanged() throws IOException {
    assertShown(recipe(SHARDS), 8);
  }

  @Test
  void picturesAreChangedAndDifferFromEpochToEpoch() throws IOException {
    RunConfig still = recipe(METRIC.replace("mirror: true, shift: 3", "mirror: false"));
    try (TrainingBatches changed = TrainingBatches.ofRecipe(recipe(METRIC), shared, session());
        TrainingBatches plain = TrainingBatches.ofRecipe(still, shared, session())) {
      TrainingBatches.Batch first = changed.batch(0);
      assertArrayEquals(plain.batch(0).pictures(), first.pictures());
      assertTrue(!plain.batch(0).images().equals(first.images()), "nothing was changed");
      for (int i = 0; i < first.pictures().length; i++) {
        assertEquals(plain.pictures().image(first.pictures()[i]), plain.batch(0).images().get(i));
      }
      assertEquals(1, changed.batch(2).epoch());
      assertEquals(0, changed.batch(2).step());
    }
  }

  /** Writes down what an objective is asked to learn from. */
  private record Watched(Objective objective, TrainingData data, List<Seen> seen)
      implements Objective {
    @Override
    public int steps() {
      return objective.steps();
    }

    @Override
    public int[] batch(int epoch, int step) {
      return objective.batch(epoch, step);
    }

    @Override
    public Outcome loss(int[] batch, int epoch, int step) {
      float[] inputs = data.train().augmented(data.augmentation(epoch, step), batch).toFloats();
      int length = inputs.length / batch.length;
      for (int i = 0; i < batch.length; i++) {
        float[] input = Arrays.copyOfRange(inputs, i * length, (i + 1) * length);
        seen.add(new Seen(batch[i], input));
      }
      return objective.loss(batch, epoch, step);
    }

    @Override
    public Optional<TrainingWarnings.Epoch> validate() {
      return objective.validate();
    }

    @Override
    public Optional<Double> margin() {
      return objective.margin();
    }

    @Override
    public Optional<Layer> layer() {
      return objective.layer();
    }
  }
}
