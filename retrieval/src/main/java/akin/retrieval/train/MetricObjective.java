package akin.retrieval.train;

import akin.nn.Layer;
import akin.nn.Normalize;
import akin.nn.metric.Batch;
import akin.nn.metric.CrossBatchMemory;
import akin.nn.metric.Loss;
import akin.nn.metric.LossValue;
import akin.nn.metric.MinedLoss;
import akin.nn.metric.Miner;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.Relation;
import akin.nn.metric.SelfSupervisedLoss;
import akin.nn.metric.SumOfLosses;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Setup;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A loss of the metric-learning catalogue over embeddings and classes. It sees embeddings as the
 * head makes them; distances normalise them, and losses that learn from lengths see these.
 *
 * <p>A class that no training picture has gets no vector. Validation pictures of such classes are
 * passed over where the loss keeps vectors, and so are all pictures without a class.
 *
 * <p>An auxiliary classifier adds to the loss of training, not to that of validation.
 */
final class MetricObjective implements Objective {
  private static final int CHUNK = 100; // validation pictures at a time

  private final RetrievalModel model;
  private final TrainingData data;
  private final int steps;
  private final ObjectiveConfig.Metric options;
  private final Loss loss;
  private final AuxiliaryTerm auxiliary;
  private final Labelled training;
  private final Labelled validation;
  private final RandomStream noise;

  /**
   * Pictures in batches.
   *
   * @param labels of the pictures; below 0 for those in no batch
   * @param sampler null if all are
   */
  private record Labelled(int[] labels, BatchSampler sampler) {
    int[] of(int[] batch) {
      return IntStream.of(batch).map(i -> labels[i]).toArray();
    }
  }

  private MetricObjective(
      RetrievalModel model,
      TrainingData data,
      int steps,
      ObjectiveConfig.Metric options,
      Loss loss,
      AuxiliaryTerm auxiliary,
      Labelled training,
      Labelled validation) {
    this.model = model;
    this.data = data;
    this.steps = steps;
    this.options = options;
    this.loss = loss;
    this.auxiliary = auxiliary;
    this.training = training;
    this.validation = validation;
    noise = RandomStream.of(data.seed(), "miner");
  }

  /** The objective that a recipe names, for these pictures. */
  static MetricObjective of(
      RunConfig config, ObjectiveConfig.Metric options, RetrievalModel model, TrainingData data) {
    TrainingClasses classes = new TrainingClasses(data.trainSet());
    Loss loss = loss(options, classes, model.embedding());
    int[] labels = options.views() ? each(data.trainSet()) : classes.of(data.trainSet());
    BatchSampler sampler = new MetricBatches(config, options, data.trainSet(), labels).training();
    Labelled validation = null;
    if (data.validationSet() != null) {
      boolean known = loss.needs().supervision() == Needs.Supervision.CLASSES;
      int[] judged =
          options.views()
              ? each(data.validationSet())
              : known
                  ? classes.of(data.validationSet())
                  : TrainingClasses.labels(data.validationSet());
      MetricBatches batches = new MetricBatches(config, options, data.validationSet(), judged);
      validation = new Labelled(judged, batches.validation());
    }
    return new MetricObjective(
        model,
        data,
        Training.steps(config, sampler),
        options,
        loss,
        AuxiliaryTerm.of(options.auxiliary(), model, classes.counts().length),
        new Labelled(labels, sampler),
        validation);
  }

  /** The loss that a recipe names, for these training pictures. */
  private static Loss loss(ObjectiveConfig.Metric options, TrainingClasses classes, int embedding) {
    Setup setup = new Setup(embedding, classes.counts());
    Loss named = Catalogue.find(Catalogue.losses(), options.loss()).with(setup, options.options());
    Miner miner = Catalogue.find(Catalogue.miners(), options.miner()).usual(setup);
    Loss whole = withOthers(named, options, setup);
    Reducer reducer =
        options.reducer() == null
            ? whole.reducer()
            : Catalogue.find(Catalogue.reducers(), options.reducer()).usual(setup);
    Loss mined = new MinedLoss(miner, whole, reducer, null, 0);
    if (options.views() && named.needs().supervision() != Needs.Supervision.VIEWS) {
      return new SelfSupervisedLoss(mined, true);
    }
    return options.memory() == 0 ? mined : new CrossBatchMemory(mined, options.memory(), embedding);
  }

  private static Loss withOthers(Loss loss, ObjectiveConfig.Metric options, Setup setup) {
    if (options.beside().isEmpty()) {
      return loss;
    }
    List<SumOfLosses.Part> parts = new ArrayList<>(List.of(SumOfLosses.Part.of(1, loss)));
    options
        .beside()
        .forEach(
            (name, weight) ->
                parts.add(
                    SumOfLosses.Part.of(
                        weight, Catalogue.find(Catalogue.losses(), name).usual(setup))));
    return new SumOfLosses(parts.toArray(SumOfLosses.Part[]::new));
  }

  /** Every picture as a class of its own. */
  private static int[] each(Dataset set) {
    return IntStream.range(0, set.size()).toArray();
  }

  @Override
  public int steps() {
    return steps;
  }

  @Override
  public int[] batch(int epoch, int step) {
    return Objective.batch(training.sampler, steps, epoch, step);
  }

  @Override
  public Outcome loss(int[] batch, int epoch, int step) {
    RandomStream augmentation = data.augmentation(epoch, step);
    RandomStream draws = noise.child(epoch).child(step);
    if (options.views()) {
      return ofViews(data.train(), batch, augmentation, draws);
    }
    Tensor pictures = data.train().augmented(augmentation, batch);
    int[] labels = training.of(batch);
    if (auxiliary == null) {
      return outcome(embeddings(pictures), labels, draws);
    }
    RetrievalModel.Reading reading = model.reading(pictures);
    Outcome ranked = outcome(scaled(reading.embedding()), labels, draws);
    return new Outcome(ranked.loss().add(auxiliary.of(reading, labels)), ranked.triplets());
  }

  private Outcome outcome(Tensor embeddings, int[] labels, RandomStream draws) {
    LossValue value = loss.of(Batch.of(embeddings, labels).with(draws));
    return outcome(value, embeddings, labels);
  }

  /** Of two views of each picture, both through the network at once. */
  private Outcome ofViews(
      PictureLoader pictures, int[] batch, RandomStream augmentation, RandomStream draws) {
    int n = batch.length;
    Tensor one = pictures.augmented(changes(augmentation), batch);
    Tensor other = pictures.augmented(augmentation.child("other"), batch);
    Tensor both = embeddings(Tensor.concat(0, one, other));
    Tensor first = both.slice(0, 0, n);
    Tensor second = both.slice(0, n, 2 * n);
    LossValue value = loss.of(Batch.of(first, second, Relation.ofViews(n)).with(draws));
    return outcome(value, both, IntStream.range(0, 2 * n).map(i -> i % n).toArray());
  }

  @Override
  public RandomStream changes(RandomStream stream) {
    return options.views() ? stream.child("one") : stream;
  }

  private Tensor embeddings(Tensor pictures) {
    return scaled(model.unscaled(pictures));
  }

  private Tensor scaled(Tensor embeddings) {
    return options.normalize() ? embeddings.normalize(1, Normalize.EPS) : embeddings;
  }

  private Outcome outcome(LossValue value, Tensor embeddings, int[] labels) {
    Tensor unit = embeddings.detach().normalize(1, Normalize.EPS);
    float[] squared = unit.distances(unit, Distance.SQUARED).toFloats();
    return new Outcome(
        value.value(), Triplets.ofLabels(squared, labels, labels.length, options.margin()));
  }

  @Override
  public boolean ofSingleSamples() {
    return loss.ofSingleSamples();
  }

  @Override
  public Optional<TrainingWarnings.Epoch> validate() {
    if (validation == null || validation.sampler == null) {
      return Optional.empty();
    }
    Triplets sum = new Triplets();
    data.inScope(() -> validate(options.views() ? null : validationEmbeddings(), sum));
    return Optional.of(sum.epoch());
  }

  /** Of every validation picture, once: batches of P × K repeat pictures. */
  private Tensor validationEmbeddings() {
    Scope outer = Scope.current();
    int size = data.validationSet().size();
    List<Tensor> parts = new ArrayList<>();
    for (int from = 0; from < size; from += CHUNK) {
      int[] pictures = IntStream.range(from, Math.min(from + CHUNK, size)).toArray();
      data.inScope(() -> parts.add(embeddings(data.validation().plain(pictures)).keepIn(outer)));
    }
    return Tensor.concat(0, parts.toArray(Tensor[]::new));
  }

  /**
   * @param all embeddings of every validation picture; null where batches are of views
   */
  private void validate(Tensor all, Triplets sum) {
    for (int step = 0; step < validation.sampler.stepsPerEpoch(); step++) {
      int[] batch = validation.sampler.batch(0, step);
      RandomStream draws = noise.child("validation").child(step);
      data.inScope(
          () -> {
            Outcome outcome =
                options.views()
                    ? ofViews(data.validation(), batch, draws.child("views"), draws)
                    : outcome(all.gatherRows(batch), validation.of(batch), draws);
            sum.loss(outcome.loss().item(), batch.length);
            sum.add(outcome.triplets());
          });
    }
  }

  @Override
  public Optional<Layer> layer() {
    return auxiliary == null ? loss.layer() : Optional.of(auxiliary.beside(loss));
  }

  @Override
  public Optional<Double> margin() {
    return Optional.of(options.margin());
  }
}
