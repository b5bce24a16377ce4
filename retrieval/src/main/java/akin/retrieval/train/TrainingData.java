package akin.retrieval.train;

import akin.retrieval.data.Attributes;
import akin.retrieval.data.Dataset;
import akin.retrieval.metric.TrainingWarnings;
import akin.tensor.RandomStream;
import akin.tensor.Scope;
import akin.tensor.backend.Backend;
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

  /** Runs {@code work} on all validation pictures in order, each batch in a scope of its own. */
  Optional<TrainingWarnings.Epoch> validateInBatches(BiConsumer<int[], Triplets> work) {
    if (validationSet == null) {
      return Optional.empty();
    }
    Triplets sum = new Triplets();
    for (int from = 0; from < validationSet.size(); from += BATCH) {
      int to = Math.min(from + BATCH, validationSet.size());
      int[] batch = IntStream.range(from, to).toArray();
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
