package akin.retrieval.train;

import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.tensor.RandomStream;
import java.util.Optional;

/** Cross-entropy over the classes; pictures without a class are passed over. */
final class ClassifierObjective implements Objective {
  private final ObjectiveConfig.Classifier options;
  private final RetrievalModel model;
  private final TrainingData data;
  private final BatchSampler sampler;
  private final int steps;

  ClassifierObjective(
      ObjectiveConfig.Classifier options,
      RetrievalModel model,
      TrainingData data,
      BatchSampler sampler,
      int steps) {
    this.options = options;
    this.model = model;
    this.data = data;
    this.sampler = sampler;
    this.steps = steps;
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
    RandomStream stream = data.augmentation(epoch, step);
    return new Outcome(
        model
            .logits(data.train().augmented(stream, batch))
            .crossEntropy(data.trainLabels(batch), options.smoothing()),
        null);
  }

  @Override
  public Optional<TrainingWarnings.Epoch> validate() {
    return data.validateInBatches(
        data.labelledValidationPictures(),
        (pictures, sum) ->
            sum.loss(
                model
                    .logits(data.validation().plain(pictures))
                    .crossEntropy(data.validationLabels(pictures), options.smoothing())
                    .item(),
                pictures.length));
  }

  @Override
  public boolean ofSingleSamples() {
    return true;
  }

  @Override
  public Optional<Double> margin() {
    return Optional.empty();
  }
}
