package akin.retrieval.train;

import akin.retrieval.config.ObjectiveConfig;
import akin.retrieval.config.RunConfig;
import akin.retrieval.data.Dataset;
import akin.retrieval.data.Grouping;
import akin.retrieval.data.Groups;
import akin.retrieval.sample.BatchSampler;
import akin.retrieval.sample.EpochExactPkSampler;
import akin.retrieval.sample.GroupedPkSampler;
import akin.retrieval.sample.RandomPkSampler;
import akin.retrieval.sample.ShuffleSampler;
import akin.tensor.UserError;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Batches of {@code objective: {kind: metric}}; pictures with labels below 0 are in none.
 *
 * @param set the pictures
 * @param labels of each
 */
record MetricBatches(RunConfig config, ObjectiveConfig.Metric metric, Dataset set, int[] labels) {

  /** Batches to learn from; what remains of an epoch, less than a batch, is left out. */
  BatchSampler training() {
    boolean whole = IntStream.of(labels).filter(l -> l >= 0).count() > config.training().batch();
    return sampler(metric.classes(), whole, config.seed());
  }

  /**
   * Batches to be judged by, of fewer classes where there are not as many; null if no picture can
   * be judged.
   */
  BatchSampler validation() {
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
    return p == 0 ? null : sampler(p, false, config.seed() + 1);
  }

  private BatchSampler sampler(int classes, boolean whole, long seed) {
    int samples = metric.samples();
    return switch (metric.sampler()) {
      case SHUFFLE -> ShuffleSampler.ofLabelled(labels, config.training().batch(), whole, seed);
      case RANDOM -> new RandomPkSampler(labels, classes, samples, seed);
      case EPOCH -> new EpochExactPkSampler(labels, classes, samples, seed);
      case CATEGORY -> grouped(Grouping.CATEGORY, classes, seed);
      case DOMAIN -> grouped(Grouping.DOMAIN, classes, seed);
    };
  }

  private BatchSampler grouped(Grouping by, int classes, long seed) {
    Groups groups =
        set.groups(by)
            .orElseThrow(
                () ->
                    UserError.of("the data set does not say the pictures' " + key(by))
                        .at("objective.sampler: " + key(by))
                        .rule("a list's column " + key(by) + "; joined sets are domains")
                        .mend("use sampler: random, or a data set that says it"));
    return new GroupedPkSampler(
        labels, groups.of(), metric.groups(), classes, metric.samples(), seed);
  }

  private static String key(Grouping by) {
    return by.name().toLowerCase(Locale.ROOT);
  }
}
