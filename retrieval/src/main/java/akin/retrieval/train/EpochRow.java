package akin.retrieval.train;

import akin.retrieval.config.TrainingConfig;
import akin.retrieval.metric.TrainingWarnings;

/**
 * What one epoch brought; a row of metrics.csv.
 *
 * @param epoch from 1
 * @param step updates done so far
 * @param rate learning rate of the last update
 * @param train mean loss over the epoch's batches, and their triplets
 * @param validation the same of the validation split; null without one
 */
public record EpochRow(
    int epoch,
    long step,
    double rate,
    TrainingWarnings.Epoch train,
    TrainingWarnings.Epoch validation) {
  /** What tells whether this epoch is better than others: lower is better. */
  double figure(TrainingConfig.Monitor monitor) {
    TrainingWarnings.Epoch judged = validation == null ? train : validation;
    return monitor == TrainingConfig.Monitor.POSITION ? judged.position() : judged.loss();
  }
}
