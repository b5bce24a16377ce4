package akin.retrieval.train;

import akin.nn.metric.RelationLoss;
import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.data.Attributes;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.model.RetrievalModel;
import akin.retrieval.sample.BatchSampler;
import akin.retrieval.sample.PartialQueries;
import akin.tensor.RandomStream;
import akin.tensor.Shape;
import akin.tensor.Tensor;
import akin.tensor.backend.Distance;
import java.util.Arrays;
import java.util.Optional;

/**
 * One query per picture of the batch, of a few attributes that it has or lacks, and the relation
 * which pictures of the batch satisfy which query.
 *
 * <p>For the easy, semi-hard and hard shares the anchor is a query, the positive its own picture
 * and the negative a random picture of the batch that does not satisfy it.
 */
final class PartialQueryObjective implements Objective {
  private final ObjectiveConfig.PartialQueries options;
  private final RetrievalModel model;
  private final TrainingData data;
  private final BatchSampler sampler;
  private final int steps;
  private final PartialQueries queries;
  private final RandomStream stream;
  private final RelationLoss relationLoss;

  PartialQueryObjective(
      ObjectiveConfig.PartialQueries options,
      RetrievalModel model,
      TrainingData data,
      BatchSampler sampler,
      int steps) {
    this.options = options;
    this.model = model;
    this.data = data;
    this.sampler = sampler;
    this.steps = steps;
    queries = new PartialQueries(data.trainAttributes(), options.most(), options.unwanted());
    stream = RandomStream.of(data.seed(), "queries");
    relationLoss =
        new RelationLoss(RelationLoss.Kind.valueOf(options.form().name()), options.temperature());
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
    Tensor pictures = model.embed(data.train().augmented(data.augmentation(epoch, step), batch));
    return loss(pictures, data.trainAttributes(), batch, stream.child(epoch).child(step));
  }

  @Override
  public Optional<TrainingWarnings.Epoch> validate() {
    RandomStream fixed = stream.child("validation");
    return data.validateInBatches(
        data.validationPictures(),
        (batch, sum) -> {
          Tensor pictures = model.embed(data.validation().plain(batch));
          Outcome outcome =
              loss(pictures, data.validationAttributes(), batch, fixed.child(batch[0]));
          sum.loss(outcome.loss().item(), batch.length);
          sum.add(outcome.triplets());
        });
  }

  private Outcome loss(Tensor pictures, Attributes table, int[] batch, RandomStream draws) {
    int b = batch.length;
    int width = queries.width();
    float[] bits = new float[b * width];
    for (int i = 0; i < b; i++) {
      queries.draw(table, batch[i], draws.child(i), bits, i * width);
    }
    boolean[][] relation = new boolean[b][b];
    for (int q = 0; q < b; q++) {
      for (int i = 0; i < b; i++) {
        relation[q][i] = queries.satisfied(bits, q * width, table, batch[i]);
      }
    }
    Tensor asked = model.query(Tensor.of(Shape.of(b, width), bits));
    float[] distances = asked.distances(pictures, Distance.EUCLIDEAN).toFloats();
    return new Outcome(
        relationLoss.of(asked, pictures, relation).value(),
        triplets(distances, relation, draws.child("negatives")));
  }

  private Triplets triplets(float[] distances, boolean[][] relation, RandomStream draws) {
    int b = relation.length;
    float[] positive = new float[b];
    float[] negative = new float[b];
    int n = 0;
    for (int q = 0; q < b; q++) {
      int first = draws.below(q, b);
      for (int k = 0; k < b; k++) {
        int i = (first + k) % b;
        if (!relation[q][i]) {
          positive[n] = distances[q * b + q];
          negative[n++] = distances[q * b + i];
          break;
        }
      }
    }
    Triplets counted = new Triplets();
    counted.count(Arrays.copyOf(positive, n), Arrays.copyOf(negative, n), options.margin());
    return counted;
  }

  @Override
  public Optional<Double> margin() {
    return Optional.of(options.margin());
  }
}
