package akin.retrieval.train;

import akin.nn.BatchNorm;
import akin.retrieval.config.RunConfig;
import akin.retrieval.model.RetrievalModel;
import akin.tensor.UserError;
import java.util.Arrays;

/** How a batch is cut into shards, and whether it can be without changing what is learned. */
final class Shards {
  private static final String WHERE = "training.shards";

  private Shards() {}

  /** Shard {@code number} of a batch, from 0: about as many pictures as every other has. */
  static int[] of(int[] batch, int number, int shards) {
    return Arrays.copyOfRange(
        batch,
        Math.toIntExact((long) batch.length * number / shards),
        Math.toIntExact((long) batch.length * (number + 1) / shards));
  }

  /** The step by which a shard draws its random numbers; a whole batch is its only shard. */
  static int step(int step, int number, int shards) {
    return step * shards + number;
  }

  /** Refuses shards where a sample's loss depends on the other samples of its batch. */
  static void require(RunConfig config, RetrievalModel model, Objective objective) {
    if (config.training().shards() == 1) {
      return;
    }
    if (!objective.ofSingleSamples()) {
      throw UserError.of("this objective cannot be cut into shards")
          .at(WHERE)
          .rule(
              "its loss compares the samples of a batch, or keeps a figure of whole batches; only"
                  + " losses that are means of single samples' own can be cut")
          .mend("choose a softmax loss such as arcface without a miner, or shards: 1");
    }
    model.networks().train();
    if (BatchNorm.couplesRows(model.networks())) {
      throw UserError.of("batch norm cannot be cut into shards")
          .at(WHERE)
          .rule("it would take the statistics of each shard for those of the batch")
          .mend(
              "set model.frozenStatistics: true, choose a head without batch norm, leave"
                  + " objective.auxiliary away, or shards: 1");
    }
  }
}
