package akin.retrieval.train;

import akin.nn.metric.LabelLoss;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import java.util.Optional;

/** A loss over the embeddings and labels of batches of P classes × K pictures. */
final class LabelObjective implements Objective {
  private final RetrievalModel model;
  private final TrainingData data;
  private final BatchSampler sampler;
  private final BatchSampler validationSampler;
  private final int steps;
  private final int anchors;
  private final double margin;
  private final LabelLoss labelLoss;

  /**
   * @param validationSampler of the validation pictures; null without any
   * @param anchors how many of a batch are anchors; 0 for all
   * @param margin by which triplets of squared distances are called easy
   */
  LabelObjective(
      RetrievalModel model,
      TrainingData data,
      BatchSampler sampler,
      BatchSampler validationSampler,
      int steps,
      int anchors,
      double margin,
      LabelLoss labelLoss) {
    this.model = model;
    this.data = data;
    this.sampler = sampler;
    this.validationSampler = validationSampler;
    this.steps = steps;
    this.anchors = anchors;
    this.margin = margin;
    this.labelLoss = labelLoss;
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
    Tensor embeddings = model.embed(data.train().augmented(data.augmentation(epoch, step), batch));
    return loss(embeddings, data.trainLabels(batch));
  }

  @Override
  public Optional<TrainingWarnings.Epoch> validate() {
    if (validationSampler == null) {
      return Optional.empty();
    }
    Triplets sum = new Triplets();
    for (int step = 0; step < validationSampler.stepsPerEpoch(); step++) {
      int[] batch = validationSampler.batch(0, step);
      data.inScope(
          () -> {
            Tensor embeddings = model.embed(data.validation().plain(batch));
            Outcome outcome = loss(embeddings, data.validationLabels(batch));
            sum.loss(outcome.loss().item(), batch.length);
            sum.add(outcome.triplets());
          });
    }
    return Optional.of(sum.epoch());
  }

  private Outcome loss(Tensor embeddings, int[] labels) {
    float[] squared = embeddings.distances(embeddings, Distance.SQUARED).toFloats();
    int asked = anchors == 0 ? labels.length : Math.min(anchors, labels.length);
    return new Outcome(
        labelLoss.of(embeddings, labels).value(),
        Triplets.ofLabels(squared, labels, asked, margin));
  }

  @Override
  public Optional<Double> margin() {
    return Optional.of(margin);
  }
}
