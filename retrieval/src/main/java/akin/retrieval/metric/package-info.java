/**
 * How good a ranking is, and how training goes. Every metric has one definition, in {@link
 * akin.retrieval.metric.RankedRelevance}.
 */
package akin.retrieval.metric;
