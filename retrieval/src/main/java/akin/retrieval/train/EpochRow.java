package akin.retrieval.train;

import akin.retrieval.metric.TripletShares;

/**
 * What one epoch brought; a row of metrics.csv.
 *
 * @param epoch from 1
 * @param step updates done so far
 * @param rate learning rate of the last update
 * @param trainLoss mean over the epoch's batches
 * @param validationLoss NaN without a validation split
 * @param train easy, semi-hard and hard triplets of the training batches; null where there are none
 * @param validation the same of the validation split
 */
public record EpochRow(
    int epoch,
    long step,
    double rate,
    double trainLoss,
    double validationLoss,
    TripletShares train,
    TripletShares validation) {}
