/**
 * Losses of whole rankings, histograms and moments of a batch, rather than of single pairs or
 * triplets.
 */
package akin.nn.metric.rank;
