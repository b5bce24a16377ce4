/** Optimisers and schedules of their learning rate. */
package akin.nn.optim;
