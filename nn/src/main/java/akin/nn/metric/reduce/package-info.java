/** Ways to make one number of many losses, and what is asked of embeddings besides. */
package akin.nn.metric.reduce;
