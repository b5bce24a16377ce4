/** Every part of a metric loss by its name, with its published defaults, and what goes together. */
package akin.nn.metric.catalogue;
