/** Losses of metric learning, and what they are made of. */
package akin.nn.metric;
