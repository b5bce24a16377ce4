package akin.retrieval.train;

import akin.nn.Layer;
import akin.retrieval.metric.TrainingWarnings;
import akin.retrieval.sample.BatchSampler;
import akin.tensor.RandomStream;
import akin.tensor.Tensor;
import java.util.Optional;

/**
 * What is learned: which pictures make a batch, and the loss of a batch. A batch is a function of
 * (seed, epoch, step) alone, so that a resumed run goes on bit for bit.
 */
interface Objective {
  /** Updates in an epoch. */
  int steps();

  /**
   * Pictures of the batch, numbers in the training data set.
   *
   * @param epoch from 0
   * @param step from 0 within the epoch
   */
  int[] batch(int epoch, int step);

  /**
   * The loss of a batch, one number, made in the innermost scope; with a tape around, it can be
   * played back.
   *
   * @param batch from {@link #batch}
   */
  Outcome loss(int[] batch, int epoch, int step);

  /**
   * What decides how the pictures of a batch are changed; where two views of each are compared, how
   * they are for the first.
   *
   * @param stream of the batch
   */
  default RandomStream changes(RandomStream stream) {
    return stream;
  }

  /** The loss on the validation split, without learning; empty if there is no such split. */
  Optional<TrainingWarnings.Epoch> validate();

  /** The margin by which triplets are called easy; empty where no triplets are formed. */
  Optional<Double> margin();

  /** What it learns besides the model's networks, such as vectors of classes; mostly nothing. */
  default Optional<Layer> layer() {
    return Optional.empty();
  }

  /** Whether the loss of a batch is the mean of its pictures' own losses. */
  default boolean ofSingleSamples() {
    return false;
  }

  /**
   * Batch {@code step} of an epoch of {@code steps} updates, whatever the sampler's own epoch is.
   */
  static int[] batch(BatchSampler sampler, int steps, int epoch, int step) {
    long update = (long) epoch * steps + step;
    int own = sampler.stepsPerEpoch();
    return sampler.batch(update / own, (int) (update % own));
  }

  /**
   * A batch's loss and its triplets.
   *
   * @param loss one number
   * @param triplets the batch's triplets; null where none are formed
   */
  record Outcome(Tensor loss, Triplets triplets) {}
}
