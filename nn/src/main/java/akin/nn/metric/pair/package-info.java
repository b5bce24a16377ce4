/** Losses of pairs and triplets. */
package akin.nn.metric.pair;
