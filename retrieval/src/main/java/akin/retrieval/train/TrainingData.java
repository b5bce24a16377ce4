package akin.retrieval.train;

import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.metric.TrainingWarnings;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.backend.Backend;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * The pictures that a run learns from and those that it is watched on, numbered from 0 each.
 *
 * @param train training pictures
 * @param trainSet what is known of them
 * @param validation validation pictures; null without any
 * @param validationSet what is known of them; null without any
 * @param seed of the augmentation
 */
record TrainingData(
    PictureLoader train,
    Dataset trainSet,
    PictureLoader validation,
    Dataset validationSet,
    long seed,
    Backend backend) {
  private static final int BATCH = 100;

  RandomStream augmentation(int epoch, int step) {
    return RandomStream.of(seed, "augment").child(epoch).child(step);
  }

  int[] trainLabels(int[] pictures) {
    return IntStream.of(pictures).map(trainSet::label).toArray();
  }

  int[] validationLabels(int[] pictures) {
    return IntStream.of(pictures).map(validationSet::label).toArray();
  }

  Attributes trainAttributes() {
    return trainSet.attributes().orElseThrow();
  }

  Attributes validationAttributes() {
    return validationSet.attributes().orElseThrow();
  }

  /** Every validation picture. */
  int[] validationPictures() {
    return IntStream.range(0, validationSet == null ? 0 : validationSet.size()).toArray();
  }

  /** Validation pictures that have a class. */
  int[] labelledValidationPictures() {
    return IntStream.of(validationPictures()).filter(i -> validationSet.label(i) >= 0).toArray();
  }

  /**
   * Runs {@code work} on validation pictures in order, each batch in a scope of its own; empty if
   * there are none.
   */
  Optional<TrainingWarnings.Epoch> validateInBatches(
      int[] pictures, BiConsumer<int[], Triplets> work) {
    if (pictures.length == 0) {
      return Optional.empty();
    }
    Triplets sum = new Triplets();
    for (int from = 0; from < pictures.length; from += BATCH) {
      int[] batch = Arrays.copyOfRange(pictures, from, Math.min(from + BATCH, pictures.length));
      inScope(() -> work.accept(batch, sum));
    }
    return Optional.of(sum.epoch());
  }

  /** Runs {@code work} in a scope of its own. */
  void inScope(Runnable work) {
    try (Scope scope = Scope.open(backend)) {
      work.run();
    }
  }
}
