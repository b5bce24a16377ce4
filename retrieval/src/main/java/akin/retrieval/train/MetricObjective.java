package akin.retrieval.train;

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
import akin.retrieval.data.Dataset;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.tensor.RandomStream;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A loss of the metric-learning catalogue over embeddings and classes. It sees embeddings as the
 * head makes them; distances normalise them, and losses that learn from lengths see these.
 *
 * <p>Classes are numbered anew over the training pictures: a class that no training picture has
 * gets no vector. Validation pictures of such classes are passed over where the loss keeps vectors.
 */
final class MetricObjective implements Objective {
  private final RetrievalModel model;
  private final TrainingData data;
  private final BatchSampler sampler;
  private final BatchSampler validationSampler;
  private final int steps;
  private final double margin;
  private final Loss loss;
  private final int[] classes; // by label of the data set; −1 where no training picture has it
  private final RandomStream noise;

  /**
   * @param validationSampler of the validation pictures; null for none
   */
  MetricObjective(
      ObjectiveConfig.Metric options,
      RetrievalModel model,
      TrainingData data,
      Loss loss,
      BatchSampler sampler,
      BatchSampler validationSampler,
      int steps) {
    this.model = model;
    this.data = data;
    this.sampler = sampler;
    this.validationSampler = validationSampler;
    this.steps = steps;
    this.loss = loss;
    margin = options.margin();
    classes = numbers(data.trainSet());
    noise = RandomStream.of(data.seed(), "miner");
  }

  /** The loss that a recipe names, for these training pictures. */
  static Loss loss(ObjectiveConfig.Metric options, Dataset trainSet, int embedding) {
    Setup setup = new Setup(embedding, counts(trainSet));
    Loss named = Catalogue.find(Catalogue.losses(), options.loss()).usual(setup);
    Miner miner = Catalogue.find(Catalogue.miners(), options.miner()).usual(setup);
    Reducer reducer =
        options.reducer() == null
            ? named.reducer()
            : Catalogue.find(Catalogue.reducers(), options.reducer()).usual(setup);
    Loss mined = new MinedLoss(miner, named, reducer, null, 0);
    return options.memory() == 0 ? mined : new CrossBatchMemory(mined, options.memory(), embedding);
  }

  private static int[] counts(Dataset trainSet) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (int i = 0; i < trainSet.size(); i++) {
      if (trainSet.label(i) >= 0) {
        counts.merge(trainSet.label(i), 1, Integer::sum);
      }
    }
    return counts.values().stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] numbers(Dataset trainSet) {
    int[] numbers = new int[trainSet.classNames().size()];
    Arrays.fill(numbers, -1);
    IntStream.range(0, trainSet.size())
        .map(trainSet::label)
        .filter(label -> label >= 0)
        .forEach(label -> numbers[label] = 0);
    int next = 0;
    for (int label = 0; label < numbers.length; label++) {
      numbers[label] = numbers[label] < 0 ? -1 : next++;
    }
    return numbers;
  }

  @Override
  public int steps() {
    return steps;
  }

  @Override
  public int[] batch(int epoch, int step) {
    return Objective.batch(sampler, steps, epoch, step);
  }

  @Override
  public Outcome loss(int[] batch, int epoch, int step) {
    Tensor pictures = data.train().augmented(data.augmentation(epoch, step), batch);
    int[] labels = IntStream.of(data.trainLabels(batch)).map(label -> classes[label]).toArray();
    return outcome(pictures, labels, noise.child(epoch).child(step));
  }

  private Outcome outcome(Tensor pictures, int[] labels, RandomStream stream) {
    Tensor embeddings = model.unscaled(pictures);
    Tensor value = loss.of(Batch.of(embeddings, labels).with(stream)).value();
    Tensor unit = embeddings.detach().normalize(1, 1e-12);
    float[] squared = unit.distances(unit, Distance.SQUARED).toFloats();
    return new Outcome(value, Triplets.ofLabels(squared, labels, labels.length, margin));
  }

  @Override
  public Optional<TrainingWarnings.Epoch> validate() {
    if (validationSampler == null) {
      return Optional.empty();
    }
    boolean known = loss.needs().supervision() == Needs.Supervision.CLASSES;
    Triplets sum = new Triplets();
    int judged = 0;
    for (int step = 0; step < validationSampler.stepsPerEpoch(); step++) {
      int[] batch =
          IntStream.of(validationSampler.batch(0, step))
              .filter(i -> !known || number(data.validationSet().label(i)) >= 0)
              .toArray();
      int own = step;
      if (batch.length > 0) {
        data.inScope(
            () -> {
              int[] labels = data.validationLabels(batch);
              int[] told = known ? IntStream.of(labels).map(this::number).toArray() : labels;
              Outcome outcome =
                  outcome(
                      data.validation().plain(batch), told, noise.child("validation").child(own));
              sum.loss(outcome.loss().item(), batch.length);
              sum.add(outcome.triplets());
            });
        judged += batch.length;
      }
    }
    return judged == 0 ? Optional.empty() : Optional.of(sum.epoch());
  }

  private int number(int label) {
    return label < 0 ? -1 : classes[label];
  }

  @Override
  public Optional<Double> margin() {
    return Optional.of(margin);
  }
}
