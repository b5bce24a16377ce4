/**
 * How good a ranking is, and how training goes. Every metric of a ranking has one definition, in
 * {@link akin.retrieval.metric.RankedRelevance}; what is measured of scores, pairs, groups or whole
 * embeddings has a class of its own.
 */
package akin.retrieval.metric;
