package akin.retrieval.train;

import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.sample.BatchSampler;
import akin.retrieval.sample.EpochExactPkSampler;
import akin.retrieval.sample.RandomPkSampler;
import akin.retrieval.sample.ShuffleSampler;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Batches of {@code objective: {kind: metric}}; pictures with labels below 0 are in none. */
final class MetricBatches {
  private MetricBatches() {}

  /** Batches to learn from; what remains of an epoch, less than a batch, is left out. */
  static BatchSampler training(RunConfig config, ObjectiveConfig.Metric metric, int[] labels) {
    boolean whole = IntStream.of(labels).filter(l -> l >= 0).count() > config.training().batch();
    return sampler(config, metric, labels, metric.classes(), whole, config.seed());
  }

  /**
   * Batches to be judged by, of fewer classes where there are not as many; null if no picture can
   * be judged.
   */
  static BatchSampler validation(RunConfig config, ObjectiveConfig.Metric metric, int[] labels) {
    int least = metric.sampler() == ObjectiveConfig.Metric.Sampling.SHUFFLE ? 1 : 2;
    int classes =
        (int)
            IntStream.of(labels)
                .filter(label -> label >= 0)
                .boxed()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values()
                .stream()
                .filter(pictures -> pictures >= least)
                .count();
    int p = Math.min(classes, metric.classes());
    return p == 0 ? null : sampler(config, metric, labels, p, false, config.seed() + 1);
  }

  private static BatchSampler sampler(
      RunConfig config,
      ObjectiveConfig.Metric metric,
      int[] labels,
      int classes,
      boolean whole,
      long seed) {
    return switch (metric.sampler()) {
      case SHUFFLE -> ShuffleSampler.ofLabelled(labels, config.training().batch(), whole, seed);
      case RANDOM -> new RandomPkSampler(labels, classes, metric.samples(), seed);
      case EPOCH -> new EpochExactPkSampler(labels, classes, metric.samples(), seed);
    };
  }
}
