package akin.retrieval.train;

import akin.retrieval.Session;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Datasets;
import akin.retrieval.data.Image;
import akin.retrieval.data.Preprocessing;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a training sees, without training: the batches of its sampler, its pictures changed as for
 * learning and turned from numbers back into pixels. Features are not changed; of them, the
 * pictures that they were made of are shown.
 */
public final class TrainingBatches implements AutoCloseable {
  private final RunConfig config;
  private final TrainingData data;
  private final RetrievalModel model;
  private final Objective objective;

  /**
   * One batch.
   *
   * @param epoch from 0
   * @param step from 0 within the epoch
   * @param pictures numbers in {@link #pictures}
   * @param images what the network is shown of each; the first view of two
   */
  public record Batch(int epoch, int step, int[] pictures, List<Image> images) {}

  private TrainingBatches(RunConfig config, Dataset all, Session session) {
    Training.checkSuits(config, all);
    Training.checkKind(config, all);
    this.config = config;
    data = Training.prepare(config, all, session, false);
    model = Training.model(config, all);
    objective = Training.objective(config, model, data);
  }

  /**
   * The batches that training this recipe would see.
   *
   * @param place of the data set, or, of features, of their pictures; null for the recipe's
   * @throws akin.tensor.UserError for every mistake in the recipe or the data
   */
  public static TrainingBatches ofRecipe(RunConfig recipe, Path place, Session session) {
    RunConfig config = new Beginning(placed(recipe, place)).config();
    return new TrainingBatches(config, open(config, place), session);
  }

  /** The batches that a run saw; its recipe says all that its weights decided. */
  public static TrainingBatches ofRun(RunConfig stored, Path place, Session session) {
    RunConfig config = placed(stored, place);
    return new TrainingBatches(config, open(config, place), session);
  }

  /** Of features whose place is known, the place that is told is that of their pictures. */
  private static RunConfig placed(RunConfig config, Path place) {
    boolean known = config.model().takesFeatures() && config.data().path() != null;
    return Training.told(config, known ? null : place);
  }

  private static Dataset open(RunConfig config, Path place) {
    Path known = Path.of(config.data().path());
    if (place != null && config.model().takesFeatures()) {
      Dataset given = Datasets.open(place, Datasets.Layout.AUTO);
      boolean pictures = given.features().isEmpty() && !known.equals(place.toAbsolutePath());
      return pictures ? Datasets.shownFrom(config.data().open(config.seed()), given) : given;
    }
    return config.data().open(config.seed());
  }

  /** The pictures that are learned from. */
  public Dataset pictures() {
    return data.trainSet();
  }

  /** Batch {@code update} of the training, from 0. */
  public Batch batch(int update) {
    int epoch = update / objective.steps();
    int step = update % objective.steps();
    int[] pictures = objective.batch(epoch, step);
    List<Image> images = new ArrayList<>();
    if (data.trainSet().features().isPresent()) {
      for (int picture : pictures) {
        images.add(data.trainSet().image(picture));
      }
      return new Batch(epoch, step, pictures, images);
    }
    int shards = config.training().shards();
    for (int s = 0; s < shards; s++) {
      shard(Shards.of(pictures, s, shards), epoch, Shards.step(step, s, shards), images);
    }
    return new Batch(epoch, step, pictures, images);
  }

  private void shard(int[] pictures, int epoch, int step, List<Image> images) {
    Preprocessing preprocessing = config.data().preprocessing();
    try (Scope scope = Scope.open(data.backend())) {
      RandomStream stream = objective.changes(data.augmentation(epoch, step));
      float[] inputs = data.train().augmented(stream, pictures).toFloats();
      for (int i = 0; i < pictures.length; i++) {
        images.add(preprocessing.picture(inputs, i * preprocessing.length()));
      }
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
