/** Distances between embeddings. */
package akin.nn.metric.distance;
