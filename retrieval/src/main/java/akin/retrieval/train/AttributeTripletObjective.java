package akin.retrieval.train;

import akin.nn.metric.TripletMarginLoss;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.data.Attributes;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.retrieval.sample.Negatives;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Triplet margin loss: the anchor is a picture, the positive its attribute vector, the negative
 * another vector. The attribute network takes the positives and the negatives in one pass, each
 * normalised by their own statistics.
 */
final class AttributeTripletObjective implements Objective {
  private final ObjectiveConfig.AttributeTriplets options;
  private final RetrievalModel model;
  private final TrainingData data;
  private final BatchSampler sampler;
  private final int steps;
  private final Negatives negatives;
  private final Negatives validationNegatives;
  private final RandomStream stream;
  private final TripletMarginLoss tripletLoss;

  AttributeTripletObjective(
      ObjectiveConfig.AttributeTriplets options,
      RetrievalModel model,
      TrainingData data,
      BatchSampler sampler,
      int steps) {
    this.options = options;
    this.model = model;
    this.data = data;
    this.sampler = sampler;
    this.steps = steps;
    negatives = mixture(data.trainAttributes());
    validationNegatives =
        data.validationSet() == null ? null : mixture(data.validationAttributes());
    stream = RandomStream.of(data.seed(), "negatives");
    tripletLoss = TripletMarginLoss.of(options.margin());
  }

  private Negatives mixture(Attributes table) {
    int count = table.count();
    List<Negatives.Mixture.Part> parts = new ArrayList<>();
    if (options.existing() > 0) {
      parts.add(new Negatives.Mixture.Part(new Negatives.Existing(table), options.existing()));
    }
    if (options.flips() > 0) {
      Negatives flips = new Negatives.Flips(count, Math.min(3, count));
      parts.add(new Negatives.Mixture.Part(flips, options.flips()));
    }
    if (options.random() > 0) {
      parts.add(new Negatives.Mixture.Part(new Negatives.MultiHot(count), options.random()));
    }
    return new Negatives.Mixture(parts);
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
    Tensor anchor = model.embed(data.train().augmented(data.augmentation(epoch, step), batch));
    return loss(anchor, data.trainAttributes(), batch, negatives, stream.child(epoch).child(step));
  }

  @Override
  public Optional<TrainingWarnings.Epoch> validate() {
    RandomStream fixed = stream.child("validation");
    return data.validateInBatches(
        data.validationPictures(),
        (batch, sum) -> {
          Tensor anchor = model.embed(data.validation().plain(batch));
          Outcome outcome =
              loss(
                  anchor,
                  data.validationAttributes(),
                  batch,
                  validationNegatives,
                  fixed.child(batch[0]));
          sum.loss(outcome.loss().item(), batch.length);
          sum.add(outcome.triplets());
        });
  }

  private Outcome loss(
      Tensor anchor, Attributes table, int[] batch, Negatives source, RandomStream draws) {
    byte[] rows = table.select(batch).bits();
    byte[] others = new byte[rows.length];
    source.fill(rows, draws, others);
    Tensor[] asked = model.queries(bits(rows, batch.length), bits(others, batch.length));
    Tensor positive = asked[0];
    Tensor negative = asked[1];
    Triplets counted = new Triplets();
    counted.count(rowDistances(anchor, positive), rowDistances(anchor, negative), options.margin());
    return new Outcome(tripletLoss.of(anchor, positive, negative), counted);
  }

  private static Tensor bits(byte[] rows, int count) {
    float[] values = new float[rows.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows[i];
    }
    return Tensor.of(Shape.of(count, rows.length / count), values);
  }

  /** Euclidean distance of row i of a and row i of b. */
  private static float[] rowDistances(Tensor a, Tensor b) {
    return a.detach().sub(b.detach()).square().sum(false, 1).sqrt().toFloats();
  }

  @Override
  public Optional<Double> margin() {
    return Optional.of(options.margin());
  }
}
