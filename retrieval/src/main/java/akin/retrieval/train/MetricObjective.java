package akin.retrieval.train;

import akin.nn.Layer;
import akin.nn.Normalize;
import akin.nn.metric.Batch;
import akin.nn.metric.CrossBatchMemory;
import akin.nn.metric.Loss;
import akin.nn.metric.MinedLoss;
import akin.nn.metric.Miner;
import akin.nn.metric.Needs;
import akin.nn.metric.Reducer;
import akin.nn.metric.catalogue.Catalogue;
import akin.nn.metric.catalogue.Setup;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.tensor.RandomStream;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A loss of the metric-learning catalogue over embeddings and classes. It sees embeddings as the
 * head makes them; distances normalise them, and losses that learn from lengths see these.
 *
 * <p>A class that no training picture has gets no vector. Validation pictures of such classes are
 * passed over where the loss keeps vectors, and so are all pictures without a class.
 */
final class MetricObjective implements Objective {
  private final RetrievalModel model;
  private final TrainingData data;
  private final int steps;
  private final double margin;
  private final Loss loss;
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
      double margin,
      Loss loss,
      Labelled training,
      Labelled validation) {
    this.model = model;
    this.data = data;
    this.steps = steps;
    this.margin = margin;
    this.loss = loss;
    this.training = training;
    this.validation = validation;
    noise = RandomStream.of(data.seed(), "miner");
  }

  /** The objective that a recipe names, for these pictures. */
  static MetricObjective of(
      RunConfig config, ObjectiveConfig.Metric options, RetrievalModel model, TrainingData data) {
    TrainingClasses classes = new TrainingClasses(data.trainSet());
    Loss loss = loss(options, classes, model.embedding());
    int[] labels = classes.of(data.trainSet());
    BatchSampler sampler = MetricBatches.training(config, options, labels);
    Labelled validation = null;
    if (data.validationSet() != null) {
      boolean known = loss.needs().supervision() == Needs.Supervision.CLASSES;
      int[] judged =
          known ? classes.of(data.validationSet()) : TrainingClasses.labels(data.validationSet());
      validation = new Labelled(judged, MetricBatches.validation(config, options, judged));
    }
    return new MetricObjective(
        model,
        data,
        Training.steps(config, sampler),
        options.margin(),
        loss,
        new Labelled(labels, sampler),
        validation);
  }

  /** The loss that a recipe names, for these training pictures. */
  private static Loss loss(ObjectiveConfig.Metric options, TrainingClasses classes, int embedding) {
    Setup setup = new Setup(embedding, classes.counts());
    Loss named = Catalogue.find(Catalogue.losses(), options.loss()).with(setup, options.options());
    Miner miner = Catalogue.find(Catalogue.miners(), options.miner()).usual(setup);
    Reducer reducer =
        options.reducer() == null
            ? named.reducer()
            : Catalogue.find(Catalogue.reducers(), options.reducer()).usual(setup);
    Loss mined = new MinedLoss(miner, named, reducer, null, 0);
    return options.memory() == 0 ? mined : new CrossBatchMemory(mined, options.memory(), embedding);
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
    Tensor pictures = data.train().augmented(data.augmentation(epoch, step), batch);
    return outcome(pictures, training.of(batch), noise.child(epoch).child(step));
  }

  private Outcome outcome(Tensor pictures, int[] labels, RandomStream stream) {
    Tensor embeddings = model.unscaled(pictures);
    Tensor value = loss.of(Batch.of(embeddings, labels).with(stream)).value();
    Tensor unit = embeddings.detach().normalize(1, Normalize.EPS);
    float[] squared = unit.distances(unit, Distance.SQUARED).toFloats();
    return new Outcome(value, Triplets.ofLabels(squared, labels, labels.length, margin));
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
    for (int step = 0; step < validation.sampler.stepsPerEpoch(); step++) {
      int[] batch = validation.sampler.batch(0, step);
      RandomStream draws = noise.child("validation").child(step);
      data.inScope(
          () -> {
            Tensor pictures = data.validation().plain(batch);
            Outcome outcome = outcome(pictures, validation.of(batch), draws);
            sum.loss(outcome.loss().item(), batch.length);
            sum.add(outcome.triplets());
          });
    }
    return Optional.of(sum.epoch());
  }

  @Override
  public Optional<Layer> layer() {
    return loss.layer();
  }

  @Override
  public Optional<Double> margin() {
    return Optional.of(margin);
  }
}
