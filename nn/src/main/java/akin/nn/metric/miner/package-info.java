/** Miners: which pairs or triplets of a batch a loss is made of. */
package akin.nn.metric.miner;
