/** Losses that keep vectors for each class: proxies, margin softmax, centres. */
package akin.nn.metric.proxy;
